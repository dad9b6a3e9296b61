-- Notifications: confirmed, declined, opted out, machines, nobody; and everything that can fail.

local notify = require("./notify")

local function called(t: any, arguments: any?): any
  return t:outbound { script = "examples/notify", to = "+12065550142", arguments = arguments }
end

local function hears_all(c: any)
  c:hears("This is the dentist.", "We expect you tomorrow at ten.", "press 9.", "To confirm, press 1.")
end

test("who presses 1 has confirmed", function(t)
  local c = called(t)
  hears_all(c)
  c:presses("1")
  c:hears("Thank you. Goodbye.")
  c:ends("script")
  c:logs("info", "reminded")
end)

test("who presses 2 cannot come", function(t)
  local c = called(t)
  hears_all(c)
  c:presses("2")
  c:hears("Thank you for telling us.")
  c:ends("script")
end)

test("who presses 9 is not called again", function(t)
  local c = called(t)
  hears_all(c)
  c:presses("9")
  c:hears("We will not call you again.")
  c:ends("script")
  expect(t:asked("storage:put")[1].key):equals("opted-out/12065550142")
  local again = called(t)
  again:ends("script")
end)

test("a wish that cannot be kept is an error of the log", function(t)
  t:reply("storage:put", { error = "timeout" })
  local c = called(t)
  hears_all(c)
  c:presses("9")
  c:hears("We could not note that.")
  c:ends("script")
  c:logs("error", "who does not want to be called is not kept")
end)

test("a machine presses nothing, and is called again", function(t)
  local c = called(t, { attempt = "1" })
  hears_all(c)
  c:eventually("To confirm, press 1.")
  c:ends("script")
  c:logs("info", "reminded", { what = "machine", again = true, attempt = 2 })
end)

test("nobody is called a third time", function(t)
  local c = t:outbound { script = "examples/notify", to = "+12065550142", arguments = { attempt = "2" }, pickup = "busy" }
  c:logs("info", "nobody was reached")
  c:logs("info", "reminded", { what = "nobody", again = false })
end)

test("who cannot be looked up is not called", function(t)
  t:reply("storage:get", { error = "timeout" })
  local c = called(t)
  c:ends("script")
  c:logs("warn", "whether somebody may be called cannot be looked up")
end)

test("what cannot be kept is not offered", function(t)
  t:config { notify = { prefix = false } }
  local c = called(t)
  c:hears("This is the dentist.", "We expect you tomorrow at ten.", "To confirm, press 1.")
  c:presses("1")
  c:hears("Thank you. Goodbye.")
  c:ends("script")
end)

test("without a message it says what it wants", function()
  expect(function() notify.tell({} :: any, {} :: any) end):fails("wanted { who")
end)
