-- Hold: an update, a digit, the longest wait, and what can fail.

local MUSIC = { file = "music.wav" }

local function held(t: any): any
  local c = t:call { script = "examples/hold" }
  c:hears("Please hold the line.", "There are 2 callers before you.", "To be called back, press star.")
  c:hears(MUSIC)
  return c
end

test("an update ends it", function(t)
  local c = held(t)
  t:update(c, { agent = "Ann" })
  c:hears("An agent is free: Ann.")
  c:ends("script")
end)

test("a digit ends it", function(t)
  local c = held(t)
  c:presses("*")
  c:hears("We will call you back.")
  c:ends("script")
end)

test("who waits hears where they stand, and at last that it is over", function(t)
  local c = held(t)
  c:eventually("Thank you for waiting.")
  c:hears("There is one caller before you.", "To be called back")
  c:eventually("You are next.")
  c:eventually("Nobody is free: timeout.")
  c:ends("script")
end)

test("music that cannot be played is told", function(t)
  t:fail("PlayAudio", "SystemException")
  local c = t:call { script = "examples/hold" }
  c:eventually("Nobody is free: failed.")
  c:ends("script")
end)
