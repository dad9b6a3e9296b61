action.play_audio { audio_source = { bucket_name = "prompts", key = "a.wav" } }
