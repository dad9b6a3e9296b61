return {
  new_inbound_call = function()
    return action.speak { text = "Hello." }
  end,
  default = function() end,
}
