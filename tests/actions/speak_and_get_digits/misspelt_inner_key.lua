action.speak_and_get_digits { speech_parameters = { text = "PIN?", voice = "Amy" }, failure_speech_parameters = { text = "x" }, repeat_duration_in_milliseconds = 5000 }
