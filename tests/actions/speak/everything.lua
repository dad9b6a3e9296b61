action.speak { call_id = "leg", text = "<speak>Hi</speak>", engine = "neural", language_code = "en-US", text_type = "ssml", voice_id = "Joanna" }
