-- Tests of main.lua. Run them with `moonring test`.
local hours = require("./hours")
local texts = require("./texts")

local AGENT = "+12065550101"

group("by day", function()
  before_each(function(t)
    t:at("2026-12-01 10:00", "America/Los_Angeles")
  end)

  test("a caller gets an agent", function(t)
    local c = t:call()
    c:hears("For English, press 1."):presses("1")
    c:hears("Welcome.", "Please hold for an agent.")
    c:rings(AGENT):answers()
    c:talks(30)
    c:hangs_up()
    c:ends("caller")
  end)

  test("a caller is spoken to in Spanish", function(t)
    local c = t:call()
    c:hears("Para español"):presses("2")
    c:hears("Bienvenido.", "Espere, por favor.")
    c:rings(AGENT):answers():hangs_up()
    c:ends("script")
  end)

  test("a caller hears that nobody is there", function(t)
    local c = t:call()
    c:hears("For English"):presses("1")
    c:hears("Welcome.", "Please hold")
    c:rings(AGENT):ignores()
    c:hears("no one is available right now")
    c:logs("warn", "no agent")
    c:ends("script")
  end)
end)

test("by night a caller hears that we are closed", function(t)
  t:at("2026-12-01 20:00", "America/Los_Angeles")
  local c = t:call()
  c:hears("For English", "Welcome.", "We are closed right now.")
  c:ends("script")
end)

-- Modules are tested as plain functions.
test.each({
  { "2026-12-01 08:59", false }, { "2026-12-01 09:00", true }, { "2026-12-01 17:00", false }, { "2026-12-05 12:00", false },
})("at %s it is open: %s", function(t, at, is_open)
  t:at(at, "America/Los_Angeles")
  expect(hours.is_open()):equals(is_open)
end)

test("every language has the same texts", function()
  for name in texts.en do
    expect(texts.es[name]):is_truthy()
  end
end)
