//! `call:join_meeting`: an Amazon Chime SDK meeting.

use mlua::Value as LuaValue;
use moonring_flow::{PendingStep, StepKind};
use moonring_wire::Action;
use moonring_wire::action::JoinChimeMeeting;
use schemars::JsonSchema;
use serde::Deserialize;

use super::second_leg::connected_leg;
use super::{BuildContext, Method, MethodDoc, Sends};
use crate::convert::Unsayable;
use crate::schema::json_schema_of;

/// Its letter in journals.
const KIND: StepKind = StepKind::new('j');

pub(super) const METHOD: Method = Method {
    name: "join_meeting",
    label: "call:join_meeting",
    sends: Sends::Waiting { kind: KIND, build: step },
    schema: Some(json_schema_of::<JoinMeeting>),
};

pub(super) const DOC: MethodDoc = MethodDoc {
    summary: "Connects the caller to an Amazon Chime SDK meeting as an attendee. It takes an attendee of `chime.create_attendee` as it is. It fails on a bridged call.",
    arguments: &[],
    returns: "the meeting's leg, as `bridge` returns one; `leg:hangup()` takes the caller out of the meeting",
    errors: "`left` when the leg has ended again. Or a common type",
    ends_on: Some("the connection to the meeting"),
    example: r#"return function(call)
  local meeting = chime.create_meeting { token = "monday" }
  local attendee = meeting and chime.create_attendee { meeting_id = meeting.meeting_id }
  local leg, err
  if attendee then
    leg, err = call:join_meeting(attendee)
  end
  if not leg then
    call:say("We cannot reach the meeting.")
  end
end"#,
};

/// `call:join_meeting`. A reply of `create_attendee` fits, with the meeting's id beside it.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
pub(crate) struct JoinMeeting {
    /// The attendee's join token.
    #[schemars(length(min = 2, max = 2048), extend("x-data" = true))]
    pub(crate) join_token: String,
    /// The meeting. Meetings of the ChimeSDKMeetings namespace need it, and so do `mute` and
    /// `unmute`. Default: none.
    #[schemars(length(min = 1), extend("x-data" = true))]
    pub(crate) meeting_id: Option<String>,
    /// The attendee, so that `mute` and `unmute` without a list mean the caller. Default: none.
    #[schemars(length(min = 1), extend("x-data" = true))]
    attendee_id: Option<String>,
    /// Has no effect. It is there so that an attendee fits as it is. Default: none.
    external_user_id: Option<String>,
}

fn step(cx: &BuildContext<'_>, options: &LuaValue) -> Result<PendingStep, Unsayable> {
    let JoinMeeting { join_token, meeting_id, .. } = cx.read(&METHOD, options)?;
    let join = JoinChimeMeeting { join_token, meeting_id, ..JoinChimeMeeting::default() };
    Ok(PendingStep::new(KIND, vec![Action::from_typed(&join)]).giving(connected_leg))
}
