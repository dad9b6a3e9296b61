-- A call-back: callers who do not want to wait hang up, and this same script calls them when they have.
--
-- Who waits for a call is kept in `MOONRING_STORAGE`.

local callback = require("@std/callback")
local forward = require("@std/forward")

local options = { prefix = "callbacks/" }

local function connect(call: Call)
  local leg = forward.to(call, { numbers = config.colleagues, timeout = 15, say = false, whisper = false, screen = false })
  if not leg then
    call:say("We are sorry, no one is available right now. Please call again later.")
  end
end

return function(call: Call)
  if callback.is_one(call) then
    if callback.take(call, options) then
      connect(call)
    end
  elseif not callback.offer(call, options) then
    connect(call)
  end
end
