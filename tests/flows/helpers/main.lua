-- What scripts ask of the outside: recorded in a flow, side by side where that is asked for, and silent in a replay.
return function(call)
  local meeting, attendee = chime.create_meeting { token = "room-5" }, nil
  attendee = chime.create_attendee { meeting_id = meeting.meeting_id }
  metric.count("calls", 1, { kind = "test" })
  local now = time.at("Europe/Berlin")
  log.info(`{meeting.external_meeting_id} {attendee.external_user_id} {now.date} {now.time} {random.choice({ "a", "b", "c" })}`)  -- moonring: allow unchecked-result (the test always replies)
  call:ask { say = "One?", max = 1 }
  metric.count("asked")
  local page, kept, errors = parallel(
    function() return http.get("https://example.com/page", { query = { q = "1" } }).body end,  -- moonring: allow unchecked-result (the test always replies)
    function() storage.put("a/b", { n = 1 }) return storage.get("a/b") end,
    function() return aws.json { service = "dynamodb", operation = "Fail" } end
  )
  log.info(`{page} {kept} {tostring(errors)}`)
  local _, _, _, failed = parallel(function() end, function() end, function() return aws.json { service = "dynamodb", operation = "Fail" } end)
  log.info(tostring(failed[3]))
  call:ask { say = "Two?", max = 1 }
  log.info(chime.create_call { to = "+12065550123", arguments = { n = 5 } })
  log.info(`{chime.update_call { transaction_id = "t" }} {#chime.list_attendees({ meeting_id = meeting.meeting_id }).attendees}`)  -- moonring: allow unchecked-result (the test always replies)
  local reply = aws.request { service = "lambda", operation = "Invoke", path = "/2015-03-31/functions/f/invocations", body = { n = 1 } }
  log.info(reply.body)  -- moonring: allow unchecked-result (the test always replies)
  local number, none = phone.parse("(206) 555-0123"), select(2, phone.parse("12"))
  log.info(`{number.e164} {number.country} {number.type} {none.type}`)
  local leg = call:join_meeting(attendee)
  log.info(leg and leg.tag or "none")
  for _, wrong in {
    function() chime.create_call { to = "911" } end,  -- moonring: allow wrong-value (the test wants the refusal)
    function() chime.create_meeting { tokens = "x" } end,  -- moonring: allow wrong-value (the test wants the refusal)
    function() http.get("ftp://x") end,  -- moonring: allow wrong-value (the test wants the refusal)
    function() storage.get("../x") end,  -- moonring: allow wrong-value (the test wants the refusal)
    function() storage.put("a") end,
    function() time.at("Mars/Base") end,  -- moonring: allow wrong-value (the test wants the refusal)
    function() metric.count("") end,
    function() parallel(5) end,
    function() parallel(function() call:flush() end) end,
    function() aws.request { service = "s", operation = "o", path = "x" } end,
  } do
    log.info(select(2, pcall(wrong)))
  end
end
