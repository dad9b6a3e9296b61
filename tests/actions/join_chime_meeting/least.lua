action.join_chime_meeting { join_token = "token" }
