-- A meeting in which a caller is not heard for a while.
return function(call)
  log.info(select(2, pcall(call.mute, call)))
  local leg, err = call:join_meeting { meeting_id = "m-1", join_token = "token", attendee_id = "a-1" }
  if not leg then
    call:say(`No meeting: {err.type}.`)
    return
  end
  print(call:mute())
  local what = call:wait { timeout = 5 }
  print(what)
  print(call:unmute { "a-1", "a-2" })
  call:become("after", { from = "mute" })
end
