return {
  new_inbound_call = function(event, call)
    return action.raw { Parameters = {} }
  end,
}
