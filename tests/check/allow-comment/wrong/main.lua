return function(call)
  -- moonring: allow unused-local
  call:say("Hello.")
end
