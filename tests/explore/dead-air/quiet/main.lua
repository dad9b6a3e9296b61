-- Short silences, and something that is heard in each long wait.
return function(call: Call)
  call:say("Please hold the line.")
  call:wait { timeout = 15 }
  call:say("Thank you for waiting.")
  call:wait { play = { key = "music.wav", bucket = "acme-audio" }, timeout = 60 }
  call:say("Nobody is free. Please call again.")
end
