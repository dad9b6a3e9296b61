-- Whom each key reaches, and what is said when nobody does.

test.each({
  { "1", "+12065550111" },
  { "2", "+12065550112" },
  { "3", "+12065550121" },
})("key %s is put through to %s", function(t, key, number)
  local c = t:call()
  c:hears("Welcome to the office.", "For orders, press 1.")
  c:presses(key)
  c:hears("One moment")
  c:rings(number):answers()
  c:talks(5)
  c:hangs_up()
  c:ends("caller")
end)

test("nobody answers", function(t)
  local c = t:call()
  c:hears("Welcome", "For orders"):presses("1")
  c:hears("One moment")
  c:rings("+12065550111"):ignores()
  c:logs("warn", "not connected")
  c:hears("there is no answer")
  c:ends("script")
end)

test("the service cannot connect", function(t)
  t:fail("CallAndBridge", "SystemException")
  local c = t:call()
  c:hears("Welcome", "For orders"):presses("2")
  c:hears("One moment", "we cannot connect you right now")
  c:ends("script")
end)

test("a key that means nothing is told", function(t)
  local c = t:call()
  c:hears("Welcome", "For orders"):presses("7")
  c:hears("Sorry, that was not 1, 2 or 3.", "For orders")
  c:presses("8")
  c:hears("Sorry, that was not 1, 2 or 3.", "For orders")
  c:presses("9")
  c:eventually("We did not get a valid choice.")
  c:ends("script")
end)
