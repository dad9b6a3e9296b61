action.start_call_recording { call_id = "leg", participant_tag = "LEG-B", track = "INCOMING", destination = { type = "S3", location = "recordings" } }
