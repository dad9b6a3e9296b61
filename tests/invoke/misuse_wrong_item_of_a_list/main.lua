return {
  new_inbound_call = function(event, call)
    return action.play_audio { audio_source = { bucket_name = "b", key = "k" }, playback_terminators = { "1", "12" } }
  end,
}
