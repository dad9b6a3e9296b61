return function(call)
  local near
  call:step(function()
    near = "Pine Street"
    return true
  end)
  call:say(near or "")
end
