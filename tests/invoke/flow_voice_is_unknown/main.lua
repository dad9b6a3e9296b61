return function(call)
  call.voice = { voice = "Joanna", engine = "fast" }
end
