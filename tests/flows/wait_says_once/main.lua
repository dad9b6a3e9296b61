-- Half an hour on hold: the prompt is heard once, and the silence behind it costs an invocation a minute.
return function(call)
  local what, detail = call:wait { say = "Please hold.", digits = "^[0-9]$", timeout = 1800 }
  log.info(`{what} {if what == "update" then detail.agent else detail}`)
  call:say(if what == "timeout" then "Nobody is free. Goodbye." else "Thank you.")
end
