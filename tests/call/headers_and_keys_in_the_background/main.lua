-- Listens for a code while music plays.
return {
  new_inbound_call = function(event, call)
    return {
      action.speak { text = "Room " .. call.sip_headers["x-room"] },
      action.receive_digits { input_digits_regex = "^[0-9]{2}#$", in_between_digits_duration_in_milliseconds = 1000, flush_digits_duration_in_milliseconds = 5000 },
      action.play_audio { audio_source = { bucket_name = "music", key = "waltz.wav" }, times = 2 },
    }
  end,
  digits_received = function(event)
    return {
      action.speak { text = "You pressed " .. event.ActionData.ReceivedDigits },
      action.pause { duration_in_milliseconds = 10000 },
    }
  end,
  default = function() end,
}
