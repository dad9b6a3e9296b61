-- To be connected or called back; and the second call, which the script makes.

local FIRST, SECOND = "+12065550101", "+12065550102"

group("somebody calls", function()
  test("and is connected to the second colleague", function(t)
    local c = t:call()
    c:hears("To stay on the line, press 2."):presses("2")
    c:rings(FIRST):is_busy()
    c:rings(SECOND):answers()
    c:talks(5)
    c:hangs_up()
    c:ends("caller")
  end)

  test("and nobody is there", function(t)
    local c = t:call()
    c:hears("press 2"):presses("2")
    c:rings(FIRST):ignores()
    c:rings(SECOND):ignores()
    c:hears("no one is available")
    c:ends("script")
  end)

  test("and says nothing, which connects them", function(t)
    local c = t:call()
    c:hears("press 2", "press 2", "press 2")
    c:rings(FIRST):answers():hangs_up()
    c:ends("script")
  end)

  test("and asks to be called back", function(t)
    local c = t:call { from = "+12065550142" }
    c:hears("To be called back, press 1."):presses("1")
    c:hears("Please hang up.")
    c:hangs_up()
    c:ends("caller")
    c:logs("info", "called back")
    -- The script calls them, with this.
    local again = t:dials("+12065550142")
    again:hears("You asked for a call back."):presses("1")
    again:rings(FIRST):answers():hangs_up()
    again:ends("script")
    expect(t:asked("chime:CreateSipMediaApplicationCall")[1].ArgumentsMap):equals { callback = "callbacks/12065550142" }
  end)

  test("and where that cannot be kept, stays on the line", function(t)
    t:reply("storage:put_new", { error = "timeout" })
    local c = t:call()
    c:hears("press 1"):presses("1")
    c:rings(FIRST):answers():hangs_up()
    c:ends("script")
  end)

  test("without a number, and is connected at once", function(t)
    local c = t:call { from = "anonymous" }
    c:rings(FIRST):answers():hangs_up()
    c:ends("script")
  end)
end)

group("the script calls back", function()
  local arguments = { callback = "callbacks/12065550142" }

  test("and connects those who still want it", function(t)
    local c = t:outbound { arguments = arguments }
    c:hears("You asked for a call back."):presses("1")
    c:rings(FIRST):answers():hangs_up()
    c:ends("script")
  end)

  test("and they do not want it any more", function(t)
    local c = t:outbound { arguments = arguments }
    c:hears("You asked", "You asked")
    c:ends("script")
  end)

  test("and nobody is there", function(t)
    local c = t:outbound { arguments = arguments, pickup = "busy" }
    c:ends("busy")
    expect(#t:asked("storage:delete")):equals(1)
  end)
end)
