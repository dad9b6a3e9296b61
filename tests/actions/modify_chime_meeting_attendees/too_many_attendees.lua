action.modify_chime_meeting_attendees { operation = "Mute", meeting_id = "meeting", attendee_list = table.create(101, "a") }
