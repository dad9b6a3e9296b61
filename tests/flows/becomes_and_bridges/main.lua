-- A leg that was hung up says so late, when the call is another flow's already: the next one's bridge is not ended by it.
return function(call)
  local leg = call:bridge { to = "+12065550101", timeout = 10 }
  call:flush()
  leg:hangup()  -- moonring: allow unchecked-result (the test always replies)
  call:become("next")
end
