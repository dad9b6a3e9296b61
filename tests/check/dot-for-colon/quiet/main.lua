return function(call)
  call:say("Hello.")
end
