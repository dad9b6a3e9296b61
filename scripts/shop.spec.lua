-- The shop's line: languages, hours, orders, people and messages.

local URL = "http:GET https://api.example.com/shop/orders/*"
local FIRST, SECOND = "+12065550131", "+12065550132"
local MENU = "For the state of your order, press 1."

local function caller(t, key)
  local c = t:call()
  c:hears("For English, press 1.")
  c:presses(key or "1")
  return c
end

local function by_day(t, key)
  t:at("2026-06-01T10:00:00-04:00")
  return caller(t, key)
end

local function leaves_a_message(c)
  c:hears("Please leave your message now")
  c:talks(4)
  c:presses("#")
  c:records {}
  c:hears("To listen to your message")
  c:presses("2")
  c:hears("Your message is saved.")
  c:ends("script")
end

test("by night the hours are told, and a message is taken", function(t)
  t:at("2026-06-01T22:00:00-04:00")
  local c = caller(t)
  c:hears("Welcome to the shop.", { pattern = "open" })
  leaves_a_message(c)
end)

test("a message that cannot be taken is logged", function(t)
  t:fail("RecordAudio", "SystemException")
  local c = by_day(t)
  c:hears("Welcome", MENU):presses("3")
  c:hears("Please leave your message now", "we cannot take a message")
  c:ends("script")
  c:logs("warn", "no message")
end)

test("the state of an order is told, in Spanish too", function(t)
  t:reply(URL, { body = { state = "sent" } })
  local c = by_day(t, "2")
  c:hears("Bienvenido a la tienda.", "Para el estado de su pedido"):presses("1")
  c:hears("Introduzca el número"):presses("12345#")
  c:hears("Su pedido está en camino.")
  c:ends("script")
end)

local function asks_for_an_order(t)
  local c = by_day(t)
  c:hears("Welcome", MENU):presses("1")
  c:hears("Please enter the number"):presses("12345#")
  return c
end

test("an order that is not there is told", function(t)
  t:reply(URL, { status = 404 })
  local c = asks_for_an_order(t)
  c:hears("We do not find this order.")
  c:ends("script")
end)

test("a server that does not answer is told", function(t)
  t:reply(URL, { error = "timeout" })
  local c = asks_for_an_order(t)
  c:hears("We cannot look that up right now.")
  c:ends("script")
end)

test("who types no number hears goodbye", function(t)
  local c = by_day(t)
  c:hears("Welcome", MENU):presses("1")
  c:eventually("We did not get a number.")
  c:ends("script")
end)

test("the second number takes the call", function(t)
  local c = by_day(t)
  c:hears("Welcome", MENU):presses("2")
  c:hears("One moment, please.")
  c:rings(FIRST):is_busy()
  local second = c:rings(SECOND):answers()
  second:hears("A call from", "To take the call, press 1."):presses("1")
  second:hears("You are connected.")
  c:talks(20)
  c:hangs_up()
  c:ends("caller")
end)

test("where nobody is free, a message is taken", function(t)
  local c = by_day(t)
  c:hears("Welcome", MENU):presses("2")
  c:hears("One moment, please.")
  c:rings(FIRST):is_busy()
  c:rings(SECOND):is_busy()
  c:hears("Nobody is free right now.")
  leaves_a_message(c)
end)
