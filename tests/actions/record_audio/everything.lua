action.record_audio {
  call_id = "leg", participant_tag = "LEG-A", duration_in_seconds = "10", silence_duration_in_seconds = 3, silence_threshold = 100,
  recording_terminators = { "#" }, recording_destination = { type = "S3", bucket_name = "recordings", prefix = "voicemail/" },
}
