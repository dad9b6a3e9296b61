-- Half a minute in which nothing is heard.
return function(call: Call)
  call:say("Please hold the line.")
  call:wait { timeout = 30 }
  call:say("Nobody is free. Please call again.")
end
