action.play_audio { playback_terminators = { [1] = "1", [3] = "#" }, audio_source = { bucket_name = "prompts", key = "a.wav" } }
