//! `call:unmute`: attendees of the meeting are heard again.

use super::mute::{ARGUMENTS, ERRORS, KIND, step};
use super::{Method, MethodDoc, Sends};

pub(super) const METHOD: Method = Method {
    name: "unmute",
    label: "call:unmute",
    sends: Sends::Waiting { kind: KIND, build: step },
    // `mute` reads its table too.
    schema: None,
};

pub(super) const DOC: MethodDoc = MethodDoc {
    summary: "Unmutes attendees of the meeting that the call has joined.",
    arguments: ARGUMENTS,
    returns: "`true`",
    errors: ERRORS,
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
