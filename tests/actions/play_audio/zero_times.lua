action.play_audio { times = 0, audio_source = { bucket_name = "prompts", key = "a.wav" } }
