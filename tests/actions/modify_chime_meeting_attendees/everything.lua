action.modify_chime_meeting_attendees {
  operation = "Mute", meeting_id = "meeting", call_id = "leg", participant_tag = "LEG-B", attendee_list = { "a", "b" },
}
