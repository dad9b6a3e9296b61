action.play_audio { ["repeat"] = 5, audio_source = { bucket_name = "prompts", key = "a.wav" } }
