return {
  new_inbound_call = function(event, call)
    count = 1
  end,
}
