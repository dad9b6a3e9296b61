-- Every call: the greeting, the menu, and the agent.

local AGENT = "+12065550101"

test("a caller hears the hours and gets an agent", function(t)
  local c = t:call()
  c:hears("Welcome to Acme.", "For our hours, press 1.")
  c:presses("1")
  c:hears("Monday to Friday, 9 to 5", "Please hold for an agent.")
  c:rings(AGENT):answers()
  c:talks(30)
  c:hangs_up()
  c:ends("caller")
end)

test("a caller hears the location", function(t)
  local c = t:call()
  c:hears("Welcome", "For our location, press 2.")
  c:presses("2")
  c:hears("12 Pine Street", "Please hold")
  c:rings(AGENT):is_busy()
  c:ends("script")
end)

test("a caller who presses nothing gets an agent all the same", function(t)
  local c = t:call()
  c:hears("Welcome", "For our hours", "For our hours", "For our hours", "Please hold")
  c:rings(AGENT):answers():hangs_up()
  c:ends("script")
end)
