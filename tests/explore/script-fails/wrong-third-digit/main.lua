-- A question of one digit, whatever it is: what is behind one of them is broken.
return {
  new_inbound_call = function()
    return action.speak_and_get_digits {
      speech_parameters = { text = "For sales, press 1. For support, press 2. For hours, press 3." },
      min_number_of_digits = 1, max_number_of_digits = 1, tries = 2, repeat_duration_in_milliseconds = 5000,
      failure_speech_parameters = { text = "Sorry." },
    }
  end,
  action_successful = {
    speak_and_get_digits = function(event)
      local digit = event.ActionData.ReceivedDigits
      if digit == "3" then
        error("no hours are known")
      end
      return { action.speak { text = "Thank you." }, action.hangup {} }
    end,
    default = function() end,
  },
  action_failed = function()
    return action.hangup {}
  end,
  default = function() end,
}
