action.record_audio { silence_threshold = 1001, recording_terminators = { "#" }, recording_destination = { bucket_name = "recordings" } }
