-- Holds the caller until an agent is free, which an update says; star leaves.

local hold = require("../hold")

return function(call: Call)
  local before = 3
  local what, detail = hold.wait(call, {
    play = { key = "music.wav", bucket = "acme-audio" }, every = 30, most = 120, digit = "*",
    position = function()
      before -= 1
      return if before >= 0 then before else nil
    end,
  })
  if what == "update" then
    call:say(`An agent is free: {detail.agent or "somebody"}.`)
  elseif what == "digit" then
    call:say("We will call you back.")
  else
    call:say(`Nobody is free: {detail.type}.`)
  end
end
