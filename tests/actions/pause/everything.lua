action.pause { call_id = "leg", participant_tag = "LEG-A", duration_in_milliseconds = 1 }
