return {
  new_inbound_call = function(event, call)
    local audio = { bucket_name = "b", key = "k" }
    return {
      action.speak { text = "filled in" },
      action.speak { text = "filled in: an empty text counts as absent", call_id = "" },
      action.speak { text = "kept", participant_tag = "LEG-A" },
      action.play_audio { audio_source = audio },
      action.pause { duration_in_milliseconds = 1 },
    }
  end,
}
