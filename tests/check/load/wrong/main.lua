local flags <const> = 3
return function(call)
  call:say("Hello.")
end
