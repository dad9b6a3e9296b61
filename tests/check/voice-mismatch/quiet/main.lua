return function(call)
  call.voice = { voice = "Ivy", engine = "neural", language = "en-US" }
  call:say("Hello.")
end
