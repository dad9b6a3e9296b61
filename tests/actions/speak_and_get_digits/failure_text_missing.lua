action.speak_and_get_digits { speech_parameters = { text = "PIN?" }, failure_speech_parameters = {}, repeat_duration_in_milliseconds = 5000 }
