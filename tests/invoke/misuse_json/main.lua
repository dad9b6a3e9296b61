return {
  new_inbound_call = function(event, call)
    return action.speak { text = json.encode({ f = print }) }
  end,
}
