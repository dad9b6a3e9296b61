return {
  new_inbound_call = function(event)
    return action.speak { text = 'x' .. event.CallDetails.TransactionID }
  end,
  default = function() end,
}
