-- Leaves a message in a mailbox, or, for its owner, opens it.

local mailbox = require("../mailbox")

return function(call: Call)
  local given = config.mailbox or {}
  local options = { key = "mailboxes/sales", most = given.most, call_back = given.call_back }
  if call.from == "+12065550199" then
    local left, err = mailbox.open(call, options)
    log.info("opened", { left = left, reason = err and err.type })
    return
  end
  local message = call:record { bucket = "acme-recordings", prefix = "mail/", max = 60 }
  if message then
    local is_kept, err = mailbox.keep(call, message, options)
    call:say(if is_kept then "Kept." else `Not kept: {err.type}.`)
  end
end
