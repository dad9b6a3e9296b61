//! `call:mute`: attendees of the meeting are not heard.

use mlua::Value as LuaValue;
use moonring_flow::{PendingStep, StepKind};
use moonring_wire::Action;
use moonring_wire::action::{AttendeeOperation, ModifyChimeMeetingAttendees};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Argument, BuildContext, Method, MethodDoc, Sends};
use crate::convert::Unsayable;
use crate::schema::json_schema_of;

/// Its letter in journals.
pub(super) const KIND: StepKind = StepKind::new('u');

pub(super) const METHOD: Method = Method {
    name: "mute",
    label: "call:mute",
    sends: Sends::Waiting { kind: KIND, build: step },
    schema: Some(json_schema_of::<Mute>),
};

pub(super) const ARGUMENTS: &[Argument] = &[Argument {
    name: "attendees",
    about: "The ids of the attendees. It is the only argument. Range: 1 to 100 ids. Default: the caller, if `join_meeting` got the `attendee_id`.",
}];
pub(super) const ERRORS: &str = "`left` when the meeting's leg has ended. Or a common type. It raises if the call is in no meeting, or if the meeting or the attendee is not known";

pub(super) const DOC: MethodDoc = MethodDoc {
    summary: "Mutes attendees of the meeting that the call has joined.",
    arguments: ARGUMENTS,
    returns: "`true`",
    errors: ERRORS,
    ends_on: Some("the service's report that it is done"),
    example: r#"return function(call)
  local meeting = chime.create_meeting { token = "monday" }
  local own = meeting and chime.create_attendee { meeting_id = meeting.meeting_id }
  call:say("You join muted. Press 1 to speak.")
  if own and call:join_meeting(own) then
    call:mute()
    if call:wait { digits = "^1$" } == "digits" then
      call:unmute()
    end
  end
end"#,
};

/// `call:mute` and `call:unmute`, with what the flow knows of its meeting.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
pub(crate) struct Mute {
    pub(crate) operation: String,
    pub(crate) meeting_id: Option<String>,
    /// The ids of attendees.
    #[schemars(length(min = 1, max = 100), extend("x-data" = true))]
    pub(crate) attendees: Option<Vec<String>>,
    /// The meeting's leg.
    #[schemars(extend("x-form" = "leg"))]
    pub(crate) leg: Option<String>,
}

pub(super) fn step(cx: &BuildContext<'_>, options: &LuaValue) -> Result<PendingStep, Unsayable> {
    let mute: Mute = cx.read(&METHOD, options)?;
    let (what, operation) = match mute.operation.as_str() {
        "mute" => ("call:mute", AttendeeOperation::Mute),
        _ => ("call:unmute", AttendeeOperation::Unmute),
    };
    let refuse = |text: &str| Err(Unsayable::Refused(format!("{what}: {text}")));
    let Some(leg) = mute.leg else {
        return refuse("the call is not in a meeting; use call:join_meeting first");
    };
    let Some(meeting_id) = mute.meeting_id else {
        return refuse("the meeting's id is not known; give call:join_meeting its `meeting_id`");
    };
    let Some(attendee_list) = mute.attendees else {
        return refuse(
            "there are no attendees; give a list of them, or give call:join_meeting an `attendee_id` as the default",
        );
    };
    let (call_id, participant_tag) = (Some(leg), None);
    let modify = ModifyChimeMeetingAttendees {
        operation,
        meeting_id,
        call_id,
        participant_tag,
        attendee_list,
    };
    Ok(PendingStep::new(KIND, vec![Action::from_typed(&modify)]))
}
