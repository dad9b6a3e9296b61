action.play_audio { audio_source = { type = "HTTP", bucket_name = "prompts", key = "a.wav" } }
