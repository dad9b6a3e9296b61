return {
  new_inbound_call = function(event, call)
    return {
      action.speak {
        call_id = "leg", text = "<speak>Hi</speak>", engine = "neural", language_code = "en-US", text_type = "ssml", voice_id = "Joanna",
      },
      action.play_audio {
        participant_tag = "LEG-A", playback_terminators = { "1", "#" }, times = "2",
        audio_source = { type = "S3", bucket_name = "bucket", key = "a.wav" },
      },
      action.play_audio_and_get_digits {
        input_digits_regex = "^[0-9]{2}$", audio_source = { bucket_name = "bucket", key = "a.wav" },
        failure_audio_source = { bucket_name = "bucket", key = "b.wav" }, min_number_of_digits = 2, max_number_of_digits = 2,
        terminator_digits = {}, in_between_digits_duration_in_milliseconds = 1000, tries = 3, repeat_duration_in_milliseconds = 5000,
      },
      action.speak_and_get_digits {
        participant_tag = "LEG-B", speech_parameters = { text = "Your PIN?", voice_id = "Matthew" },
        failure_speech_parameters = { text = "Again?" }, terminator_digits = { "*" }, repeat_duration_in_milliseconds = 5000,
      },
      action.pause { duration_in_milliseconds = "1500" },
      action.join_chime_meeting { join_token = "token", meeting_id = "meeting", participant_tag = "LEG-A" },
      action.hangup { sip_response_code = 480 },
      action.raw { Type = "VoiceFocus", Parameters = { Enable = true, CallId = "leg", List = json.array {}, Map = {} } },
    }
  end,
}
