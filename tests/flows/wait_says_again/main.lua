-- A prompt that is heard every 20 seconds, with a greeting queued before it.
return function(call)
  call:say("Welcome.")
  local what = call:wait { say = "Please hold.", again = 20, timeout = 70 }
  log.info(what)
  what = call:wait { say = "Still here?", again = 5, update = true }
  log.info(what)
end
