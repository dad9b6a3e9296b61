action.speak_and_get_digits {
  call_id = "leg", participant_tag = "LEG-A", input_digits_regex = "^[0-9]{2}$",
  speech_parameters = { text = "PIN?", engine = "standard", language_code = "en-US", text_type = "text", voice_id = "Amy" },
  failure_speech_parameters = { text = "Again?", engine = "neural", language_code = "en-GB", text_type = "ssml", voice_id = "Amy" },
  min_number_of_digits = 2, max_number_of_digits = 2, terminator_digits = { "#", "*" }, in_between_digits_duration_in_milliseconds = 1000,
  tries = 2, repeat_duration_in_milliseconds = 5000,
}
