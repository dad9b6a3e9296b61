-- What was refused, and caught, is refused again in a replay: between steps, and in what is queued for the next one.
return function(call)
  local refused = 0
  local function try(method, ...)
    local is_done, problem = pcall(method, call, ...)
    if not is_done then
      refused += 1
      log.info(problem)
    end
  end
  try(call.say, "one")
  try(call.say, "")
  try(call.pause, 0)
  try(call.menu, { say = "No options" })
  try(call.say, "two")
  call:menu { say = `{refused} refused`, options = { ["1"] = "one" } }
  try(call.play, {})
  try(call.step, "leaves", coroutine.yield)
  local leaves = coroutine.wrap(function() return call:step("leaves", coroutine.yield) end)
  try(leaves)
  call:say(`{refused} refused`)
  try(call.say, { words = "none" })
  call:menu { say = `{refused} refused`, options = { ["1"] = "one" } }
  call:say(`{refused} refused`)
end
