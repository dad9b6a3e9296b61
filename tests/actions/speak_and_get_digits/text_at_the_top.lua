action.speak_and_get_digits { text = "PIN?", repeat_duration_in_milliseconds = 5000 }
