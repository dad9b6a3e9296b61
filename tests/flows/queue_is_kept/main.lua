-- What is queued before a step that ends at once is sent with the next one.
return function(call)
  call:say("Welcome")
  call:wait_for_answer()
  local keys = call:ask { say = "Keys?", max = 1, tries = 1 }
  call:say("Thanks")
  local what, detail = call:wait { timeout = 5 }
  log.info(`{what} {if what == "update" then detail.name else "nothing"}`)
  local is_done, problem = pcall(call.bridge, call, { to = keys })
  log.info(`{is_done} {problem}`)
  local is_kept, why = pcall(call.step, call, "odd", function() return function() end end)
  log.info(`{is_kept} {why}`)
  local drawn = call:step("draw", function() return math.random(1000) end)
  call:say(`{drawn} {math.random(1000)}`)
  call:flush()
  call:ask { say = `The last: {math.random(1000)}`, max = 1 }
end
