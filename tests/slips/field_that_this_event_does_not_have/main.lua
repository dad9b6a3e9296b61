return {
  new_inbound_call = function(event)
    return action.speak { text = 'x' .. event.ActionData.ReceivedDigits }
  end,
  default = function() end,
}
