-- The hotline: one colleague after the other, for ever.

local FIRST, SECOND = "+12065550101", "+12065550102"

test("the second colleague answers", function(t)
  local c = t:call()
  c:hears("You have reached the hotline.")
  c:rings(FIRST):ignores()
  c:hears("We are still trying.")
  c:rings(SECOND):answers()
  c:talks(20)
  c:hangs_up()
  c:ends("caller")
  c:logs("info", "the hotline call is over")
end)

test("it rings on, the welcome is heard once", function(t)
  local c = t:call()
  c:hears("You have reached the hotline.")
  for ring = 1, 12 do
    c:rings(if ring % 2 == 1 then FIRST else SECOND):ignores()
    c:hears("We are still trying.")
  end
  c:hangs_up()
  c:ends("caller")
end)
