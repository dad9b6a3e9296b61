return function(call)
  call.voice = { voice = "Ivy", engine = "neural", language = "de-DE" }
  call:say("Hello.")
end
