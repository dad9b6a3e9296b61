return {
  new_inbound_call = function(event)
    return action.speak { text = 'x' .. event.CallDetails.Participants[1].from }
  end,
  default = function() end,
}
