-- A call-back: callers who do not want to wait hang up, and this same script calls them when the line is free.

local function connect(call: Call)
  for _, number in config.colleagues do
    if call:bridge { to = number, timeout = 15 } then
      return true
    end
  end
  call:say("We are sorry, no one is available right now. Please call again later.")
  return false
end

-- The second call: somebody asked for it.
local function call_back(call: Call)
  local is_there, err = call:wait_for_answer()
  if not is_there then
    log.info("nobody was called back", { to = call.to, reason = err.type })
    return
  end
  local wants = call:menu { say = "You asked for a call back. Press 1 to be connected.", options = { true }, tries = 2 }
  if wants then
    connect(call)
  end
end

return function(call: Call)
  if call.direction == "outbound" then
    return call_back(call)
  end
  -- Who calls without a number cannot be called back.
  if not phone.parse(call.from) then
    connect(call)
    return
  end
  local choice = call:menu {
    say = "Press 1 to be connected, or 2 to be called back.",
    options = { "connect", "call back" }, default = "connect",
  }
  if choice == "call back" then
    -- As long as they are on the line it would be busy.
    call:on_hangup(function()
      local id, err = chime.create_call { to = call.from, arguments = { reason = "callback" } }
      log.info("call back", { id = id, reason = err and err.type })
    end)
    call:say("Please hang up. We will call you right back.")
  elseif choice then
    connect(call)
  end
end
