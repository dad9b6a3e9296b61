-- Who does not press 1 hears nothing at all behind the file.
return {
  new_inbound_call = function()
    return action.pause { duration_in_milliseconds = 1000 }
  end,
  action_successful = function()
    return action.hangup {}
  end,
  action_failed = function()
    return { action.speak { text = "Sorry." }, action.hangup {} }
  end,
  default = function() end,
}
