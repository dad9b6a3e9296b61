-- A hotline: it rings one colleague after the other until somebody answers, however long that takes.
--
-- An endless loop fills the journal. So after ten rings the script becomes itself, with a new journal and what it has
-- to know. Functions given to `on_hangup` are forgotten then: the script begins with them.

local RINGS = 10

return function(call: Call, state)
  local rung = state and state.rung or 0
  call:on_hangup(function(why)
    log.info("the hotline call is over", { why = why, rung = rung })
  end)
  if rung == 0 then
    call:say("You have reached the hotline. Please stay on the line.")
  end
  local colleagues = config.colleagues
  for _ = 1, RINGS do
    local leg = call:bridge { to = colleagues[rung % #colleagues + 1], timeout = 15 }
    rung += 1
    if leg then
      return
    end
    call:say("We are still trying.")
  end
  call:become("hotline", { rung = rung })
end
