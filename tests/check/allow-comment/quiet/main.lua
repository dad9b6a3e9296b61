return function(call)
  -- moonring: allow unused-local (kept for the next prompt)
  local key = "1"
  call:say("Hello.")
end
