return function(call)
  call:act(action.speak { text = "Thanks." }, action.play_audio_and_get_digits {
    audio_source = { bucket_name = "prompts", key = "pin.wav" },
    failure_audio_source = { bucket_name = "prompts", key = "again.wav" },
    repeat_duration_in_milliseconds = 5000,
  })
end
