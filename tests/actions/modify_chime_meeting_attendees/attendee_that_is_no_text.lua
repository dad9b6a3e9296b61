action.modify_chime_meeting_attendees { operation = "Mute", meeting_id = "meeting", attendee_list = { "a", 5 } }
