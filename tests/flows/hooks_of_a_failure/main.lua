-- What is given to on_hangup in the very event that fails runs all the same.
return function(call)
  call:on_hangup(function(why) log.info(`first: {why}`) end)
  local keys = call:ask { say = "Key?", max = 1 }
  local reply = aws.json { service = "dynamodb", operation = "Get", input = { n = keys } }
  call:on_hangup(function(why) log.info(`second: {why} {reply.echo.n}`) end)
  error("boom")
end
