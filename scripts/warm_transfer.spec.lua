-- A warm transfer: an agent who takes the call with 1, or nobody.

local FIRST, SECOND = "+12065550101", "+12065550102"

test("the first agent takes the call", function(t)
  local c = t:call { from = "+12065550142" }
  c:hears("Connecting you to an agent.")
  local agent = c:rings(FIRST):answers()
  agent:hears("A call from +12065550142. Press 1 to accept it.")
  agent:presses("1")
  c:talks(20)
  c:hangs_up()
  c:ends("caller")
end)

test("an agent who does not take it is let go, and the next one rings", function(t)
  local c = t:call()
  c:hears("Connecting you")
  local agent = c:rings(FIRST):answers()
  agent:hears("A call from", "A call from")
  agent:ends()
  c:rings(SECOND):answers():hears("A call from"):presses("1"):hangs_up()
  c:ends("script")
end)

test("nobody is there", function(t)
  local c = t:call()
  c:hears("Connecting you")
  c:rings(FIRST):is_busy()
  c:rings(SECOND):ignores()
  c:hears("No one is available right now.")
  c:ends("script")
end)
