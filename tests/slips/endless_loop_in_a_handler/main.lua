return {
  new_inbound_call = function(event)
    local n = 0
    repeat n += 1 until n < 0
  end,
  default = function() end,
}
