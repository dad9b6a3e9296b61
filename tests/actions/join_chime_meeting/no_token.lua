action.join_chime_meeting { meeting_id = "meeting" }
