action.receive_digits { in_between_digits_duration_in_milliseconds = 1000, flush_digits_duration_in_milliseconds = 2000 }
