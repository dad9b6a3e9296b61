return function(call)
  local near = call:step(function()
    return "Pine Street"
  end)
  call:say(`We are in {near}.`)
end
