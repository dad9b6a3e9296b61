-- Ends before anything is pressed.
return function(call)
  call:say("We are closed.")
end
