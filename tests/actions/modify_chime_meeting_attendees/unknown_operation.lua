action.modify_chime_meeting_attendees { operation = "mute", meeting_id = "meeting", attendee_list = { "a" } }
