return {
  new_inbound_call = function(event, call)
    local 5 = x
  end,
}
