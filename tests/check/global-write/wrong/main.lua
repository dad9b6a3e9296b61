return function(call)
  attempts = 1
  call:say("Hello.")
end
