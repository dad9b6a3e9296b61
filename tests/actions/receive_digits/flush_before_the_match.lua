action.receive_digits { input_digits_regex = "[0-9]", in_between_digits_duration_in_milliseconds = 1000, flush_digits_duration_in_milliseconds = 999 }
