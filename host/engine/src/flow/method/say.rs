//! `call:say`: text-to-speech.

use mlua::Value as LuaValue;
use moonring_wire::Action;

use super::prompt::Prompt;
use super::{BuildContext, Method, MethodDoc, Sends};
use crate::convert::Unsayable;
use crate::schema::json_schema_of;

pub(super) const METHOD: Method = Method {
    name: "say",
    label: "call:say",
    sends: Sends::Queued(actions),
    schema: Some(json_schema_of::<Prompt>),
};

pub(super) const DOC: MethodDoc = MethodDoc {
    summary: "Speaks a prompt with text-to-speech. A prompt of more than 1,000 characters is sent in parts, cut at the ends of sentences; each part is one action.",
    arguments: &[],
    returns: "nothing",
    errors: "none; an action that fails is logged and left out",
    ends_on: None,
    example: r#"return function(call)
  call.voice = { voice = "Matthew", engine = "neural" }
  call:say("Welcome to Acme.")
  call:say { text = "Bienvenue.", voice = "Lea", language = "fr-FR" }
  call:say("<speak>Your code is <say-as interpret-as='digits'>1234</say-as>.</speak>")
end"#,
};

fn actions(cx: &BuildContext<'_>, options: &LuaValue) -> Result<Vec<Action>, Unsayable> {
    let prompt: Prompt = cx.read(&METHOD, options)?;
    cx.say(METHOD.label, &prompt)
}
