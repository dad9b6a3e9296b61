-- A mailbox: messages kept, heard, deleted, called back; and everything that can fail.

local mailbox = require("./mailbox")

local OWNER, SOMEBODY = "+12065550199", "+12065550142"
local CHOOSE = "To hear it again, press 1."

local function message(number: number): any
  return { key = `mail/{number}.wav`, bucket = "acme-recordings", from = SOMEBODY, at = 1 }
end

local function stored(t: any, list: any)
  t:storage { ["mailboxes/sales"] = list }
end

local function owner(t: any): any
  return t:call { script = "examples/mailbox", from = OWNER }
end

local function leaves(t: any): any
  local c = t:call { script = "examples/mailbox" }
  c:talks(4)
  c:presses("#")
  c:records {}
  return c
end

test("a message is kept, and the oldest one goes", function(t)
  t:config { mailbox = { most = 2 } }
  stored(t, { message(2), message(1) })
  local c = leaves(t)
  c:hears("Kept.")
  c:ends("script")
  expect(#t:asked("storage:put")[1].value):equals(2)
end)

test("what cannot be kept is said", function(t)
  t:reply("storage:get", { error = "timeout" })
  local c = leaves(t)
  c:hears("Not kept: timeout.")
  c:ends("script")
end)

test("messages are heard in turn, again, and the one before", function(t)
  stored(t, { message(2), message(1) })
  local c = owner(t)
  c:hears("You have 2 new messages, and 0 old ones.", "Message 1.", { file = "mail/2.wav" }, CHOOSE)
  c:presses("1")
  c:hears("Message 1.", { file = "mail/2.wav" }, CHOOSE)
  c:presses("2")
  c:hears("Message 2.", { file = "mail/1.wav" }, CHOOSE)
  c:presses("3")
  c:hears("Message 1.", { file = "mail/2.wav" }, CHOOSE)
  c:presses("*")
  c:hears("Goodbye.")
  c:ends("script")
  c:logs("info", "opened")
end)

test("a message is deleted, and then there is none", function(t)
  stored(t, { message(1) })
  local c = owner(t)
  c:hears("You have 1 new", "Message 1.", { file = "mail/1.wav" }, CHOOSE)
  c:presses("7")
  c:hears("Deleted.", "There are no more messages.")
  c:ends("script")
  expect(#t:asked("storage:put")[1].value):equals(0)
end)

test("who left a message is called back", function(t)
  stored(t, { message(1) })
  local c = owner(t)
  c:hears("You have", "Message 1.", { file = "mail/1.wav" }, CHOOSE)
  c:presses("4")
  local other = c:rings(SOMEBODY):answers()
  c:talks(5)
  other:hangs_up()
  c:ends("script")
end)

test("who cannot be called back is not", function(t)
  stored(t, { message(1) })
  local c = owner(t)
  c:hears("You have", "Message 1.", { file = "mail/1.wav" }, CHOOSE)
  c:presses("4")
  c:rings(SOMEBODY):is_busy()
  c:hears("Nobody answers there.", "Message 1.", { file = "mail/1.wav" }, CHOOSE)
  c:presses("*")
  c:hears("Goodbye.")
  c:ends("script")
end)

test("what cannot be had or kept is said or logged", function(t)
  t:reply("storage:get", { error = "timeout" })
  local c = owner(t)
  c:hears("your messages cannot be found")
  c:ends("script")
end)

test("a storage that takes nothing is logged", function(t)
  stored(t, "no list")
  t:reply("storage:put", { error = "timeout" })
  local c = owner(t)
  c:hears("You have 0 new", "There are no more messages.")
  c:ends("script")
  c:logs("warn", "what was done with messages is not kept")
end)

test("without a key it says what it wants", function()
  expect(function() mailbox.open({} :: any, {} :: any) end):fails("wanted { key")
end)
