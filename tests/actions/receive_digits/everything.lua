action.receive_digits {
  call_id = "leg", participant_tag = "LEG-B", input_digits_regex = "[0-9]#", in_between_digits_duration_in_milliseconds = 1000,
  flush_digits_duration_in_milliseconds = 10000,
}
