return {
  new_inbound_call = function(event)
    return action.hangup {}
  end,
  new_inbound_cal = function()
  end,
  default = function() end,
}
