return {
  new_inbound_call = function(event, call)
    call:say('x')
  end,
  default = function() end,
}
