-- The queue: an agent, a call-back, and nobody.

local AGENT = "+12065550101"

test("an agent takes the call", function(t)
  local c = t:call()
  c:hears("All our agents are busy.")
  c:hears { file = "music.wav" }
  t:update(c, { agent = AGENT })
  c:hears("Thank you for waiting.")
  c:rings(AGENT):answers()
  c:talks(30)
  c:hangs_up()
  c:ends("caller")
end)

test("an agent who does not answer leaves the caller next in line", function(t)
  local c = t:call()
  c:hears("All our agents", { file = "music.wav" })
  t:update(c, { agent = AGENT })
  c:hears("Thank you for waiting.")
  c:rings(AGENT):ignores()
  c:hears("you are next in line", { file = "music.wav" })
  c:hangs_up()
  c:ends("caller")
end)

test("star asks to be called back", function(t)
  local c = t:call()
  c:hears("press star"):presses("*")
  c:logs("info", "call back")
  c:hears("We will call you back.")
  c:ends("script")
end)

test("another key goes on waiting", function(t)
  local c = t:call()
  c:hears("press star"):presses("5")
  c:hears { file = "music.wav" }
  c:hangs_up()
  c:ends("caller")
end)

test("after ten minutes nobody is there", function(t)
  local c = t:call()
  c:hears("All our agents", { file = "music.wav" })
  c:eventually("no one is available")
  c:ends("script")
end)

test("the wait cannot be played", function(t)
  t:fail("PlayAudio", "InvalidAudioSource")
  local c = t:call()
  c:eventually("no one is available")
  c:ends("script")
end)
