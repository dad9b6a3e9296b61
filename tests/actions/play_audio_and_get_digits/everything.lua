action.play_audio_and_get_digits {
  call_id = "leg", participant_tag = "LEG-A", input_digits_regex = "^[0-9]{2}$", audio_source = { bucket_name = "prompts", key = "a.wav" }, failure_audio_source = { bucket_name = "prompts", key = "b.wav" },
  min_number_of_digits = 0, max_number_of_digits = 128, terminator_digits = { "#" }, in_between_digits_duration_in_milliseconds = 1,
  tries = 3, repeat_duration_in_milliseconds = 5000,
}
