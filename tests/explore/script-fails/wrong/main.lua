-- A caller whom config.json knows, without a name.
return function(call)
  local known = config.callers[call.from]
  if known then
    call:say("Welcome back, " .. known.name .. ".")
  else
    call:say("Welcome.")
  end
end
