-- The apartment line: every key, silence, and a person who is not there.

local PEOPLE = "+12065550150"
local MAIN, LEASING, RESIDENTS = "For leasing, press 1.", "For rates, press 1.", "To renew your lease, press 2."

local function caller(t, key: string)
  local c = t:call { script = "studio_apartments" }
  c:hears(MAIN):presses(key)
  return c
end

test("leasing tells rates, and leads to a person", function(t)
  local c = caller(t, "1")
  c:hears(LEASING):presses("1")
  c:hears("One bedroom begins", LEASING):presses("4")
  c:rings(PEOPLE):answers()
end)

for key, said in { ["2"] = "Your application is", ["3"] = "You can look around" } do
  test(`{key} of leasing is a menu of its own`, function(t)
    local c = caller(t, "1")
    c:hears(LEASING):presses(key)
    c:hears(said):presses("2")
    c:rings(PEOPLE):answers()
  end)
end

test("residents are asked what they want, and connected", function(t)
  local c = caller(t, "2")
  c:hears(RESIDENTS):presses("2")
  c:hears("How can we help you?"):presses("5#")
  c:rings(PEOPLE):is_busy()
  c:hears("There is no answer.")
  c:ends("script")
end)

test("residents who say nothing are connected too", function(t)
  local c = caller(t, "2")
  c:hears(RESIDENTS):presses("2")
  c:hears("How can we help you?")
  c:eventually("We did not hear that.")
  c:rings(PEOPLE):answers()
end)

test("maintenance takes a message", function(t)
  local c = caller(t, "3")
  c:hears("Nobody of maintenance is free.", "Please leave your message now")
  c:talks(6)
  c:presses("#")
  c:records {}
  c:hears("Your message is saved.")
  c:ends("script")
end)

test("the operator is announced", function(t)
  local c = caller(t, "0")
  c:hears("Please hold")
  c:rings(PEOPLE):answers()
end)

test("silence ends with words", function(t)
  local c = t:call { script = "studio_apartments" }
  c:hears(MAIN)
  c:eventually("We did not hear you. Goodbye.")
  c:ends("script")
end)
