action.send_digits { digits = "1", tone_duration_in_milliseconds = 24001 }
