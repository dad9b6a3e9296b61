-- Somebody has said why it stays.
return function(call)
  local choice = call:menu { say = "For a failure, press 1.", options = { true } }
  if choice then
    -- moonring: allow script-fails (the line is for tests of the fallback)
    error("a failure on purpose")
  end
  call:say("Goodbye.")
end
