-- The apartment line: every key, silence, and a person who is not there.

local MAIN, LEASING, RESIDENTS = "For leasing, press 1.", "For rates, press 1.", "For rent, press 1."

local function caller(t, keys: string)
  local c = t:call { script = "studio_apartments" }
  c:hears(MAIN)
  for key in string.gmatch(keys, ".") do
    c:presses(key)
  end
  return c
end

test("leasing tells, and leads to a person", function(t)
  local c = caller(t, "1")
  c:hears(LEASING):presses("1")
  c:hears("One bedroom is", LEASING):presses("2")
  c:hears("on our web site", LEASING):presses("3")
  c:hears("Tours are", LEASING):presses("*")
  c:hears(MAIN):presses("1")
  c:hears(LEASING):presses("4")
  c:hears("One moment")
  c:rings("+12065550150"):answers()
end)

test("residents are told, and reach voicemail where nobody is there", function(t)
  local c = caller(t, "2")
  c:hears(RESIDENTS):presses("1")
  c:hears("due on the first", RESIDENTS):presses("2")
  c:hears("Packages are", RESIDENTS):presses("3")
  c:hears("One moment")
  c:rings("+12065550150"):is_busy()
  c:hears("We can't take your call right now.")
end)

test("maintenance takes a message", function(t)
  local c = caller(t, "3")
  c:hears("Please say what is broken", "Please leave your message now")
  c:talks(6)
  c:presses("#")
  c:records {}
  c:hears("To listen to your message")
  c:presses("2")
  c:hears("Your message is saved.")
  c:ends("script")
end)

test("silence ends with words", function(t)
  local c = caller(t, "")
  c:eventually("We did not hear you. Goodbye.")
  c:ends("script")
end)
