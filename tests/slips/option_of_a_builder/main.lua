return {
  new_inbound_call = function(event)
    return action.speak { txt = 'x' }
  end,
  default = function() end,
}
