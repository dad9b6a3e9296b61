-- Requests, steps, chance and time: what a replay must not do again.
return function(call)
  call:on_hangup(function(why)
    local reply = aws.json { service = "s", operation = "Bye", input = { why = why } }
    log.info(`bye {reply.echo.why}`)  -- moonring: allow unchecked-result (the test always replies)
  end)
  local first = aws.json { service = "s", operation = "Get", input = { n = 1 } }
  local _, err = aws.json { service = "s", operation = "Fail" }
  log.info(`{first.echo.n} {err.type} {call.sip_headers["x-name"] or "-"} {call.rule_id}`)  -- moonring: allow unchecked-result (the test always replies)
  local drawn = math.random(1, 1000000)
  call:say(`Hello {drawn}`)
  call:flush()
  local short = call:step("long", function()
    local reply = aws.json { service = "s", operation = "Long" }
    return { length = #reply.text, list = { 1, 2 } }  -- moonring: allow unchecked-result (the test always replies)
  end)
  local is_done, problem = pcall(call.step, call, "fails", function() error("no luck", 0) end)
  local generate = coroutine.wrap(function()
    local digits = call:ask { say = "Digits?", tries = 1 }
    coroutine.yield(digits)
    coroutine.yield(aws.json { service = "s", operation = "Get", input = { n = digits } })
  end)
  local digits = generate()
  call:pause(2)
  call:say(`{digits} {generate().echo.n} {short.length} {#short.list} {tostring(is_done)} {problem}`)
  call:flush()
  log.info(`{drawn == math.random(1, 1000000)} {os.time() - call.started_at // 1}`)
end
