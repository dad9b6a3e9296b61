return function(call)
  call:on_hangup(function()
    error("the farewell is broken")
  end)
  call:say("Welcome.")
  call:wait { timeout = 30 }
end
