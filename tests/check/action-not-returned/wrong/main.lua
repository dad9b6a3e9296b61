return {
  new_inbound_call = function()
    action.speak { text = "Hello." }
  end,
  default = function() end,
}
