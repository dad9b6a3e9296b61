action.play_audio { call_id = "leg", participant_tag = "LEG-A", playback_terminators = { "1", "#", "*" }, times = 3, audio_source = { type = "S3", bucket_name = "prompts", key = "a.wav" } }
