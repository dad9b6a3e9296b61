-- Fails.
return {
  new_inbound_call = function(event, call)
    return action.speak { txt = "Hello" }
  end,
}
