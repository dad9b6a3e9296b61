-- What FreeSWITCH's demo menu does: keys, extensions, the menu below, and wrong input.

local MAIN = "For the conference, press 1."

local function caller(t)
  local c = t:call { script = "freeswitch_menu" }
  c:hears(MAIN)
  return c
end

test("a key dials", function(t)
  local c = caller(t)
  c:presses("1")
  c:rings("+12065550141"):answers()
end)

test("an extension dials too", function(t)
  local c = caller(t)
  c:presses("1012")
  c:rings("+12065551012"):answers()
end)

test("the menu below leads back, and 9 repeats", function(t)
  local c = caller(t)
  c:presses("6")
  c:hears("This is the menu below.")
  c:presses("*")
  c:hears(MAIN)
  c:presses("9")
  c:hears(MAIN)
end)

test("nobody answers: the menu again", function(t)
  local c = caller(t)
  c:presses("2")
  c:rings("+12065550142"):is_busy()
  c:hears("There is no answer.", MAIN)
end)

test("silence says goodbye, here and below", function(t)
  local c = caller(t)
  c:eventually("Goodbye.")
  c:ends("script")
  local below = caller(t)
  below:presses("6")
  below:hears("This is the menu below.")
  below:eventually("Goodbye.")
  below:ends("script")
end)
