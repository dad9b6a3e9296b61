return function(call) call:say("Our survey.") end
