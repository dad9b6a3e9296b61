action.play_audio_and_get_digits { audio_source = { bucket_name = "prompts", key = "a.wav" }, repeat_duration_in_milliseconds = 5000 }
