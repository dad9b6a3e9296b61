-- A caller whom config.json knows, with or without a name.
return function(call)
  local known = config.callers[call.from]
  if known then
    call:say("Welcome back, " .. (known.name or "dear guest") .. ".")
  else
    call:say("Welcome.")
  end
end
