-- The caller hears why the call ends.
return {
  new_inbound_call = function()
    return action.pause { duration_in_milliseconds = 1000 }
  end,
  action_successful = {
    pause = function()
      return { action.speak { text = "We are closed." }, action.hangup {} }
    end,
    default = function() end,
  },
  action_failed = function()
    return { action.speak { text = "Sorry." }, action.hangup {} }
  end,
  default = function() end,
}
