action.play_audio { playback_terminators = "#", audio_source = { bucket_name = "prompts", key = "a.wav" } }
