-- The office: by day a menu of three levels, by night and for colleagues who are not there voicemail.

local NUMBERS = {
  orders = "+12065550111", accounts = "+12065550112", telephones = "+12065550121", hardware = "+12065550122", software = "+12065550123",
}

-- A message, from the prompt to its end.
local function leaves_a_message(c, whom)
  c:hears(`Please leave a message for {whom} after the tone`)
  c:talks(4)
  c:presses("#")
  c:records { bucket = "example-recordings", prefix = "voicemail/" }
  c:logs("info", "a message", { whom = whom })
  c:hears("Thank you. Goodbye.")
  c:ends("script")
end

group("by day", function()
  before_each(function(t)
    t:at("2026-12-01 10:00", "America/Los_Angeles")
  end)

  -- Keys, and what is heard before each.
  test.each({
    { whom = "orders", keys = { "1", "1" }, menus = { "For sales, press 1.", "For a new order, press 1." } },
    { whom = "accounts", keys = { "1", "2" }, menus = { "For sales", "For an existing order, press 2." } },
    { whom = "telephones", keys = { "2", "1" }, menus = { "For support, press 2.", "For phones, press 1." } },
    { whom = "hardware", keys = { "2", "2", "1" }, menus = { "For support", "For computers, press 2.", "For hardware, press 1." } },
    { whom = "software", keys = { "2", "2", "2" }, menus = { "For support", "For computers", "For software, press 2." } },
  })("the menus lead to $whom", function(t, case)
    local c = t:call()
    c:hears("Welcome to the office.")
    for number, key in case.keys do
      c:hears(case.menus[number])
      c:presses(key)
    end
    c:hears("One moment, please.")
    c:rings(NUMBERS[case.whom]):answers()
    c:talks(10)
    c:hangs_up()
    c:ends("caller")
  end)

  test("a colleague who does not answer gets a message", function(t)
    local c = t:call()
    c:hears("Welcome", "For sales"):presses("2")
    c:hears("For phones"):presses("1")
    c:hears("One moment")
    c:rings(NUMBERS.telephones):ignores()
    c:hears("There is no answer.")
    leaves_a_message(c, "telephones")
  end)

  test("a call that cannot be connected gets one too", function(t)
    t:fail("CallAndBridge", "SystemException")
    local c = t:call()
    c:hears("Welcome", "For sales"):presses("1")
    c:hears("For a new order"):presses("1")
    c:hears("One moment", "We cannot connect you right now.")
    leaves_a_message(c, "orders")
  end)

  test("a caller who presses nothing is asked to call again", function(t)
    local c = t:call()
    c:hears("Welcome", "For sales", "For sales", "For sales", "Please call again.")
    c:ends("script")
  end)
end)

-- Tuesday, Saturday and Sunday, by their hours.
test.each({
  { "2026-12-01 08:59", "closed" }, { "2026-12-01 09:00", "open" }, { "2026-12-01 16:59", "open" },
  { "2026-12-01 17:00", "closed" }, { "2026-12-04 12:00", "open" }, { "2026-12-05 12:00", "closed" }, { "2026-12-06 12:00", "closed" },
})("at %s it is %s", function(t, at, state)
  t:at(at, "America/Los_Angeles")
  local c = t:call()
  c:hears("Welcome to the office.")
  c:hears(if state == "open" then "For sales, press 1." else "We are closed.")
  c:hangs_up()
end)

test("by night everybody gets a message", function(t)
  t:at("2026-12-01 22:00", "America/Los_Angeles")
  local c = t:call()
  c:hears("Welcome", "We are closed.")
  leaves_a_message(c, "everybody")
end)

test("a message that cannot be recorded is logged", function(t)
  t:at("2026-12-01 22:00", "America/Los_Angeles")
  t:fail("RecordAudio", "SystemException")
  local c = t:call()
  c:hears("Welcome", "We are closed.", "Please leave a message")
  c:ends("script")
  c:logs("warn", "no message")
end)

test("an office without a time zone is open", function(t)
  t:config { office = { zone = "Nowhere/Land" } }
  local c = t:call()
  c:hears("Welcome", "For sales")
  c:logs("error", "the office has no hours")
  c:hangs_up()
end)
