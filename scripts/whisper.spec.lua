-- A whisper: what the colleague hears, and the caller does not.

local FIRST, SECOND = "+12065550101", "+12065550102"

test.each({
  { "1", "an order" }, { "2", "an invoice" }, { "3", "something else" },
})("key %s is told as %s", function(t, key, topic)
  local c = t:call { from = "+12065550142" }
  c:hears("Welcome to Acme.", "For an order, press 1."):presses(key)
  c:hears("Connecting you to an agent.")
  local colleague = c:rings(FIRST):answers()
  colleague:hears(`about {topic}.`)
  colleague:hears_nothing(1)
  c:hears_nothing()
  c:talks(10)
  c:hangs_up()
  c:ends("caller")
end)

test("the second colleague is told the same", function(t)
  local c = t:call()
  c:hears("Welcome", "For an order"):presses("1")
  c:hears("Connecting you")
  c:rings(FIRST):ignores()
  c:rings(SECOND):answers():hears { pattern = "about an order%.$" }
  c:hangs_up()
end)

test("nobody is there", function(t)
  local c = t:call()
  c:hears("Welcome", "For an order", "For an order", "For an order", "Connecting you")
  c:rings(FIRST):ignores()
  c:rings(SECOND):is_busy()
  c:hears("no one is available right now")
  c:logs("info", "not connected")
  c:ends("script")
end)
