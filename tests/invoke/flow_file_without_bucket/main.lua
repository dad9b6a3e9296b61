return function(call)
  call:play("tone.wav")
end
