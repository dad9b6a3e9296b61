action.join_chime_meeting { join_token = string.rep("t", 2049) }
