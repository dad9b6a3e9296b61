return {
  new_inbound_call = function()
    return action.hangup {}
  end,
}
