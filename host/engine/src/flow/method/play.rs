//! `call:play`: an audio file.

use mlua::Value as LuaValue;
use moonring_wire::Action;

use super::prompt::Audio;
use super::{BuildContext, Method, MethodDoc, Sends};
use crate::convert::Unsayable;
use crate::schema::json_schema_of;

pub(super) const METHOD: Method = Method {
    name: "play",
    label: "call:play",
    sends: Sends::Queued(actions),
    schema: Some(json_schema_of::<Audio>),
};

pub(super) const DOC: MethodDoc = MethodDoc {
    summary: "Plays an audio file, or a recording that `call:record` returned.",
    arguments: &[],
    returns: "nothing",
    errors: "none; an action that fails is logged and left out",
    ends_on: None,
    example: r##"return function(call)
  call:play { key = "welcome.wav", bucket = "acme-prompts" }
  call:play { key = "terms.wav", bucket = "acme-prompts", times = 2, stop_on = "#" }
  call:say("Goodbye.")
end"##,
};

fn actions(cx: &BuildContext<'_>, options: &LuaValue) -> Result<Vec<Action>, Unsayable> {
    let audio: Audio = cx.read(&METHOD, options)?;
    Ok(vec![cx.play(METHOD.label, &audio)?])
}
