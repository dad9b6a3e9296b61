-- Offers a call-back; who is called back is connected.

local callback = require("../callback")

return function(call: Call)
  local options = { prefix = "callbacks/", arguments = { reason = "sales" } }
  if callback.is_one(call) then
    local wants, err = callback.take(call, options)
    if wants then
      call:bridge { to = "+12065550101", timeout = 20 }
    else
      log.info("not connected", { reason = err.type })
    end
    return
  end
  local is_called, err = callback.offer(call, options)
  if err then
    call:say(`Not kept: {err.type}.`)
  elseif not is_called then
    call:say("Please stay.")
  end
end
