-- A greeter: says hello and hangs up.
return function(call: Call)
  call.voice = { voice = "Joanna", engine = "neural" }
  call:say("Hello! This is a test call from Amazon Chime SDK PSTN Audio.")
end
