local function greet(call, caller)
  call:say("Hello, " .. caller.name)
end

return function(call)
  greet(call, { name = "Ann" })
end
