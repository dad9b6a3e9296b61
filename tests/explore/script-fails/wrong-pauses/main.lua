-- Silence in pieces of two seconds, until the service ends the call.
return {
  new_inbound_call = function()
    return { action.speak { text = "Please hold." }, action.pause { duration_in_milliseconds = 2000 } }
  end,
  action_successful = {
    pause = function()
      return action.pause { duration_in_milliseconds = 2000 }
    end,
    default = function() end,
  },
  action_failed = function()
    return { action.speak { text = "Sorry." }, action.hangup {} }
  end,
  default = function() end,
}
