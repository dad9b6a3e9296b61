action.send_digits { call_id = "leg", digits = "1", tone_duration_in_milliseconds = 50 }
