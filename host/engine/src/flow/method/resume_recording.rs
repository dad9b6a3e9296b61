//! `call:resume_recording`: goes on with the recording of the call.

use mlua::Value as LuaValue;
use moonring_wire::Action;
use moonring_wire::action::ResumeCallRecording;

use super::on_leg::OnLeg;
use super::{BuildContext, Method, MethodDoc, Sends};
use crate::convert::Unsayable;
use crate::schema::json_schema_of;

pub(super) const METHOD: Method = Method {
    name: "resume_recording",
    label: "call:resume_recording",
    sends: Sends::QueuedRecording { build: actions, becomes: "on" },
    schema: Some(json_schema_of::<OnLeg>),
};

pub(super) const DOC: MethodDoc = MethodDoc {
    summary: "Resumes a paused recording. The service plays a short tone first.",
    arguments: &[],
    returns: "nothing",
    errors: "none; an action that fails is logged and left out",
    ends_on: None,
    example: r#"return function(call)
  call:start_recording { bucket = "acme-recordings" }
  call:say("This part is recorded.")
  call:pause_recording()
  call:say("This part is not.")
  call:resume_recording()
  call:say("This part is recorded again.")
end"#,
};

fn actions(cx: &BuildContext<'_>, options: &LuaValue) -> Result<Vec<Action>, Unsayable> {
    let OnLeg { leg } = cx.read(&METHOD, options)?;
    Ok(vec![Action::from_typed(&ResumeCallRecording { call_id: cx.leg(leg.as_ref()) })])
}
