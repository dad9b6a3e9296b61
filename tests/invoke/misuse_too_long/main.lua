return {
  new_inbound_call = function(event, call)
    return action.speak { text = string.rep("x", 1001) }
  end,
}
