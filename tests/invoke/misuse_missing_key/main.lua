return {
  new_inbound_call = function(event, call)
    return action.play_audio { audio_source = { bucket_name = "b" } }
  end,
}
