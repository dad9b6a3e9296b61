return function(call)
  call:play("welcome.wav")
  call:play { key = "night/closed.wav", bucket = config.audio }
end
