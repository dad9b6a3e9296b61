action.record_audio { recording_terminators = { "#" }, recording_destination = { bucket_name = "recordings", prefix = string.rep("x", 980) } }
