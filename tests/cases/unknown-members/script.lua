-- A listen-only guest: what the host does not pass on is refused by name, in the simulator as in production.
return function(call)
  local meeting = chime.create_meeting { token = "room-1" }
  local guest, err = aws.json {
    service = "chime-sdk-meetings", operation = "CreateAttendee",
    input = { MeetingId = meeting.meeting_id, ExternalUserId = "guest", Capability = { Audio = "Receive" } },
  }
  log.info(`{guest} {err.type}: {err.message}`)
  local silent = chime.create_attendee { meeting_id = meeting.meeting_id, external_user_id = "guest", capabilities = { audio = "Receive" } }
  log.info(`attendee {silent ~= nil}, deleted {chime.delete_attendee(silent)}`)
  call:say("Goodbye.")
end
