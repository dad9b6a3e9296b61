//! `call:unmute`: attendees of the meeting are heard again.

use super::mute::{KIND, Mute, step};
use super::{Argument, Method, MethodDoc, Sends};
use crate::schema::json_schema_of;

pub(super) const METHOD: Method = Method {
    name: "unmute",
    label: "call:unmute",
    sends: Sends::Waiting { kind: KIND, build: step },
    schema: Some(json_schema_of::<Mute>),
};

pub(super) const DOC: MethodDoc = MethodDoc {
    summary: "Unmutes attendees of the meeting that the call has joined.",
    arguments: &[Argument {
        name: "attendees",
        about: "The ids of the attendees. It is the only argument. Range: 1 to 100 ids. Default: the caller, if `join_meeting` got the `attendee_id`.",
    }],
    returns: "`true`",
    errors: "`left` when the meeting's leg has ended. Or a common type. It raises if the call is in no meeting, or if the meeting or the attendee is not known",
    ends_on: Some("the service's report that it is done"),
    example: r#"return function(call)
  local meeting = chime.create_meeting { token = "monday" }
  local own = meeting and chime.create_attendee { meeting_id = meeting.meeting_id }
  if own and call:join_meeting(own) then
    call:mute { own.attendee_id }
    call:wait { timeout = 10 }
    call:unmute { own.attendee_id }
  end
end"#,
};
