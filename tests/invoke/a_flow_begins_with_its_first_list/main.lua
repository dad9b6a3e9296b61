return function(call)
  call.voice = { voice = "Matthew", engine = "neural" }
  call:say("hello")
  call:say { text = "<speak>you</speak>", voice = "Amy" }
  call:pause(0.5)
  call:ask { play = { key = "ask.wav", bucket = "b" }, invalid = "wrong.wav", max = 4, terminators = "#*", tries = 2, timeout = 2.5 }
end
