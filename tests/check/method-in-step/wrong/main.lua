return function(call)
  call:step(function()
    call:say("Hello.")
    return true
  end)
end
