return {
  new_inbound_call = function(event, call)
    error("not this one")
  end,
}
