action.join_chime_meeting { join_token = "token", meeting_id = "meeting", call_id = "leg", participant_tag = "LEG-A" }
