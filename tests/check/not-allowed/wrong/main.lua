local states = require("@std/states")
return function(call)
  states.start { state_machine = "arn:aws:states:us-east-1:111122223333:stateMachine:x", input = { id = call.id } }
  call:say("Thanks.")
end
