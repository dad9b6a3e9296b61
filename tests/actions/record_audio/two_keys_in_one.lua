action.record_audio { recording_terminators = { "12" }, recording_destination = { bucket_name = "recordings" } }
