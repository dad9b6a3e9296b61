-- A call that is made: whoever answers is asked, whoever does not is noted.
return function(call)
  call:on_hangup(function(why) log.info(`over: {why}`) end)
  local is_there, err = call:wait_for_answer()
  if not is_there then
    log.info(`{call.arguments.name}: {err.type}`)
    local reply = aws.json { service = "dynamodb", operation = "Note", input = { why = err.type } }
    log.info(reply.echo.why)  -- moonring: allow unchecked-result (the test always replies)
    call:say("nobody hears this")
    call:flush()
    log.info("nor comes here")
    return
  end
  local yes = call:menu { say = `Hello {call.arguments.name}. Press 1 to confirm.`, options = { ["1"] = "yes" }, tries = 1 }
  log.info(`{call.direction} {call.sip_headers["x-case"] or "none"} {tostring(yes)}`)
  call:say("Thank you.")
end
