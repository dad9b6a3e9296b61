action.play_audio { times = "5", audio_source = { bucket_name = "prompts", key = "a.wav" } }
