-- Refuses some callers, and those who call too often.

local blocklist = require("../blocklist")

return function(call: Call)
  local options = config.blocklist or {}
  if blocklist.is_blocked(call, { numbers = options.numbers, anonymous = options.anonymous, prefix = options.prefix }) then
    call:hangup { code = 486 }
  end
  if options.rate and blocklist.is_too_often(call, options.rate) then
    call:say("You have called too often. Please call again later.")
    return
  end
  call:say("Welcome.")
end
