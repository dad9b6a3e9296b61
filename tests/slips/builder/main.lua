return {
  new_inbound_call = function(event)
    return action.speek { text = 'x' }
  end,
  default = function() end,
}
