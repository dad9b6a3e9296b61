-- Speaks again whenever speaking fails.
return {
  new_inbound_call = function()
    return action.speak { text = "Hello." }
  end,
  action_failed = function()
    return action.speak { text = "Hello." }
  end,
  default = function() end,
}
