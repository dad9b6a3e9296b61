-- The prompt names a digit, and the call ends behind it.
return function(call)
  call:say("We are closed. For an emergency, press 1.")
end
