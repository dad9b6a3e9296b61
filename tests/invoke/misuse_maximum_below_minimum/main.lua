return {
  new_inbound_call = function(event, call)
    return action.play_audio_and_get_digits {
      audio_source = { bucket_name = "b", key = "k" }, failure_audio_source = { bucket_name = "b", key = "k" },
      min_number_of_digits = 5, max_number_of_digits = 4, repeat_duration_in_milliseconds = 1000,
    }
  end,
}
