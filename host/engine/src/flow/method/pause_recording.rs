//! `call:pause_recording`: pauses the recording of the call.

use mlua::Value as LuaValue;
use moonring_wire::Action;
use moonring_wire::action::PauseCallRecording;

use super::on_leg::OnLeg;
use super::{BuildContext, Method, MethodDoc, Sends};
use crate::convert::Unsayable;
use crate::schema::json_schema_of;

pub(super) const METHOD: Method = Method {
    name: "pause_recording",
    label: "call:pause_recording",
    sends: Sends::QueuedRecording { build: actions, becomes: "paused" },
    schema: Some(json_schema_of::<OnLeg>),
};

pub(super) const DOC: MethodDoc = MethodDoc {
    summary: "Pauses the recording of the call: silence is recorded until `resume_recording`. If it fails, nothing that is queued after it is sent.",
    arguments: &[],
    returns: "nothing",
    errors: "none of its own; if the action fails, the next waiting method returns `nil, err`, with `left` or a common type",
    ends_on: None,
    example: r#"return function(call)
  call:start_recording { bucket = "acme-recordings" }
  call:pause_recording()
  if not call:flush() then return end
  local pin = call:ask { say = "Your PIN, please.", max = 4, secret = true }
  call:resume_recording()
  call:say(if pin then "Thank you." else "Goodbye.")
end"#,
};

fn actions(cx: &BuildContext<'_>, options: &LuaValue) -> Result<Vec<Action>, Unsayable> {
    let OnLeg { leg } = cx.read(&METHOD, options)?;
    Ok(vec![Action::from_typed(&PauseCallRecording { call_id: cx.leg(leg.as_ref()) })])
}
