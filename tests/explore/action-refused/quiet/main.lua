-- The regular expression is whole.
return {
  new_inbound_call = function()
    return action.speak_and_get_digits {
      speech_parameters = { text = "Your code, please." }, failure_speech_parameters = { text = "Your code, please." },
      input_digits_regex = config.pattern, min_number_of_digits = 4, max_number_of_digits = 4,
      tries = 2, repeat_duration_in_milliseconds = 5000,
    }
  end,
  default = function()
    return { action.speak { text = "Goodbye." }, action.hangup {} }
  end,
  hangup = function() end,
}
