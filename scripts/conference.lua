-- A conference: callers with a PIN of the same room meet; a moderator mutes everybody else with 1, and lets them speak with 2.

local meeting = require("@std/meeting")

return function(call: Call)
  local is_over, err = meeting.join(call, { rooms = config.conference.rooms })
  if not is_over and err.type ~= "wrong" then
    log.error("no conference", { reason = err.type })
  end
end
