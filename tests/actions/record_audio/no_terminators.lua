action.record_audio { recording_destination = { bucket_name = "recordings" } }
