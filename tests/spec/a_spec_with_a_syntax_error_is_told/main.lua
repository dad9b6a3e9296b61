return function(call) call:say("Welcome.") end
