return function(call)
  playAudio('x.wav')
end
