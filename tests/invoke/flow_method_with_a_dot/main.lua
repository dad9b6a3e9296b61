return function(call)
  call.say("hello")
end
