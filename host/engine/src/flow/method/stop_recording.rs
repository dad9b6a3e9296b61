//! `call:stop_recording`: ends the recording of the call.

use mlua::Value as LuaValue;
use moonring_wire::Action;
use moonring_wire::action::StopCallRecording;

use super::on_leg::OnLeg;
use super::{BuildContext, Method, MethodDoc, Sends};
use crate::convert::Unsayable;
use crate::schema::json_schema_of;

pub(super) const METHOD: Method = Method {
    name: "stop_recording",
    label: "call:stop_recording",
    sends: Sends::QueuedRecording { build: actions, becomes: "off" },
    schema: Some(json_schema_of::<OnLeg>),
};

pub(super) const DOC: MethodDoc = MethodDoc {
    summary: "Stops the recording of the call. It cannot be started again on that leg. If it fails, nothing that is queued after it is sent.",
    arguments: &[],
    returns: "nothing",
    errors: "none of its own; if the action fails, the next waiting method returns `nil, err`, with `left` or a common type",
    ends_on: None,
    example: r#"return function(call)
  call:start_recording { bucket = "acme-recordings" }
  call:say("This part is recorded.")
  call:stop_recording()
  local is_stopped, err = call:flush()
  call:say(if is_stopped then "The rest is not." else `The recording goes on: {err.type}.`)
end"#,
};

fn actions(cx: &BuildContext<'_>, options: &LuaValue) -> Result<Vec<Action>, Unsayable> {
    let OnLeg { leg } = cx.read(&METHOD, options)?;
    Ok(vec![Action::from_typed(&StopCallRecording { call_id: cx.leg(leg.as_ref()) })])
}
