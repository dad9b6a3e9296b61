return {
  new_inbound_call = function(event)
    return action.speak { text = 'x' .. event.CallDetials.TransactionId }
  end,
  default = function() end,
}
