-- Joins a meeting by PIN: 1001 is a person's, 9001 the moderator's.

local meeting = require("../meeting")

return function(call: Call)
  local is_joined, err = meeting.join(call, {
    rooms = { ["1001"] = { name = "monday" }, ["9001"] = { name = "monday", moderates = true } },
  })
  if not is_joined then log.warn("not joined", { reason = err.type }) end
end
