-- Callers wait; the agent's number, +12065550101, takes the next one.

local queue = require("../queue")

return function(call: Call)
  local given = config.queue or {}
  local options = { key = "queues/sales", most = given.most, agent = call.id, hold = { most = 90, digit = "*" } }
  if call.from == "+12065550101" then
    local next, err = queue.next(options)
    call:say(if next then `The next caller is {next.id}.` elseif err then `Not known: {err.type}.` else "Nobody waits.")
    return
  end
  local what, detail = queue.wait(call, options)
  if what == "update" then
    call:say("An agent takes your call.")
  elseif what == "digit" then
    call:say("You have left the queue.")
  elseif detail.message == "the longest wait is over" then
    call:say("Please call again later.")
  end
end
