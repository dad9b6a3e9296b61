action.play_audio { audio_source = "a.wav" }
