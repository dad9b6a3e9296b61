-- A mailbox: messages kept, heard, deleted, called back; and everything that can fail.

local mailbox = require("./mailbox")

local OWNER, SOMEBODY = "+12065550199", "+12065550142"
local CHOOSE = "To hear it again, press 1."

local function message(number: number): any
  return { key = `mail/{number}.wav`, bucket = "acme-recordings", from = SOMEBODY, at = 1 }
end

local function stored(t: any, count: any)
  local all: any = { ["mailboxes/sales/count"] = count }
  for number = 1, tonumber(count) or 0 do
    all[`mailboxes/sales/{number}`] = message(number)
  end
  t:storage(all)
end

local function owner(t: any): any
  return t:call { script = "examples/mailbox", from = OWNER }
end

local function hears(c: any, number: number, kind: string?)
  c:hears(kind or "A new message.", { file = `mail/{number}.wav` }, "To call back, press 4.", CHOOSE)
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
  stored(t, 2)
  local c = leaves(t)
  c:hears("Kept.")
  c:ends("script")
  expect(t:asked("storage:delete")[1].key):equals("mailboxes/sales/1")
  expect(t:asked("storage:put")[1].value):equals(3)
end)

test("messages that come within the same moment all have their place", function(t)
  -- The second one is there, and is not counted yet.
  local all = { ["mailboxes/sales/count"] = 1, ["mailboxes/sales/1"] = message(1), ["mailboxes/sales/2"] = message(2) }
  t:storage(all)
  local c = owner(t)
  hears(c, 2)
  c:presses("*")
  c:hears("Goodbye.")
  c:ends("script")
  local other = leaves(t)
  other:hears("Kept.")
  other:ends("script")
  expect(t:asked("storage:put_new")[2].key):equals("mailboxes/sales/3")
end)

test("where too many come within the same moment, that is said", function(t)
  stored(t, 9)
  t:storage { ["mailboxes/sales/count"] = 1 }
  local c = leaves(t)
  c:hears("Not kept: conflict.")
  c:ends("script")
  local listens = owner(t)
  hears(listens, 9)
  listens:hangs_up()
end)

test("a message that cannot be played is told, and stays new", function(t)
  stored(t, 1)
  t:fail("PlayAudio", "InvalidActionParameter")
  local c = owner(t)
  c:hears("A new message.", "This message cannot be played.", "To call back, press 4.", CHOOSE)
  c:presses("*")
  c:hears("Goodbye.")
  c:ends("script")
  c:logs("warn", "a message cannot be played")
  expect(t:stored("mailboxes/sales/1")):equals(message(1))
end)

test("a message that cannot be read is told", function(t)
  stored(t, 2)
  t:reply("storage:get mailboxes/sales/2", { error = "timeout" })
  local c = owner(t)
  c:hears("your messages cannot be found")
  c:ends("script")
end)

test("a message that cannot be deleted is told, and stays", function(t)
  stored(t, 1)
  t:reply("storage:delete", { error = "timeout" })
  local c = owner(t)
  hears(c, 1)
  c:presses("7")
  c:hears("This message cannot be deleted right now.")
  hears(c, 1, "A message.")
  c:presses("*")
  c:hears("Goodbye.")
  c:ends("script")
end)

test("a message that cannot be counted is kept, and found", function(t)
  stored(t, 1)
  t:reply("storage:put mailboxes/sales/count", { error = "timeout" })
  local c = leaves(t)
  c:hears("Kept.")
  c:logs("warn", "a message is not counted")
  c:ends("script")
  expect(t:stored("mailboxes/sales/2").from):equals(SOMEBODY)
end)

test("who left no number is not called back", function(t)
  local anonymous = message(1)
  anonymous.from = "anonymous"
  t:storage { ["mailboxes/sales/count"] = 1, ["mailboxes/sales/1"] = anonymous }
  local c = owner(t)
  c:hears("A new message.", { file = "mail/1.wav" }, CHOOSE)
  c:presses("*")
  c:hears("Goodbye.")
  c:ends("script")
end)

test("what cannot be kept is said", function(t)
  t:reply("storage:get", { error = "timeout" })
  local c = leaves(t)
  c:hears("Not kept: timeout.")
  c:ends("script")
end)

test("a message that cannot be written is said", function(t)
  t:reply("storage:put_new", { error = "timeout" })
  local c = leaves(t)
  c:hears("Not kept: timeout.")
  c:ends("script")
end)

test("messages are heard in turn, again, and the one before", function(t)
  stored(t, 2)
  local c = owner(t)
  hears(c, 2)
  c:presses("1")
  hears(c, 2, "A message.")
  c:presses("2")
  hears(c, 1)
  c:presses("3")
  hears(c, 2, "A message.")
  c:presses("3")
  hears(c, 2, "A message.")
  c:presses("*")
  c:hears("Goodbye.")
  c:ends("script")
  c:logs("info", "opened")
end)

test("a message that is deleted is gone at once, and one that comes meanwhile stays", function(t)
  stored(t, 2)
  local c = owner(t)
  hears(c, 2)
  local other = leaves(t)
  other:hears("Kept.")
  other:ends("script")
  c:presses("7")
  c:hears("Deleted.", "A new message.")
  c:hangs_up()
  c:ends("caller")
  local again = owner(t)
  again:hears("A new message.", { pattern = "^s3://acme%-recordings/mail/" }, "To call back, press 4.", CHOOSE)
  again:presses("2")
  -- Who hangs up has not heard it.
  hears(again, 1)
  again:presses("2")
  again:hears("There are no more messages.")
  again:ends("script")
end)

test("who left a message is called back", function(t)
  stored(t, 1)
  local c = owner(t)
  hears(c, 1)
  c:presses("4")
  local other = c:rings(SOMEBODY):answers()
  c:talks(5)
  other:hangs_up()
  c:ends("script")
end)

test("who cannot be called back is not", function(t)
  stored(t, 1)
  local c = owner(t)
  hears(c, 1)
  c:presses("4")
  c:rings(SOMEBODY):is_busy()
  c:hears("Nobody answers there.")
  hears(c, 1, "A message.")
  c:presses("*")
  c:hears("Goodbye.")
  c:ends("script")
end)

test("where nobody is called back, that is not offered", function(t)
  t:config { mailbox = { call_back = false } }
  stored(t, 1)
  local c = owner(t)
  c:hears("A new message.", { file = "mail/1.wav" }, CHOOSE)
  c:presses("2")
  c:hears("There are no more messages.")
  c:ends("script")
end)

test("many messages of real length fit", function(t)
  local all: any = { ["mailboxes/sales/count"] = 60 }
  for number = 1, 60 do
    all[`mailboxes/sales/{number}`] = { key = `mail/2026/11/29/a0dd465f-a65a-414f-8d7d-be08c578{number}.wav`, bucket = "acme-recordings", from = SOMEBODY, at = 1 }
  end
  t:storage(all)
  local c = owner(t)
  c:hears("A new message.")
  c:eventually(CHOOSE)
  c:presses("*")
  c:hears("Goodbye.")
  c:ends("script")
end)

test("what cannot be had is said", function(t)
  t:reply("storage:get", { error = "timeout" })
  local c = owner(t)
  c:hears("your messages cannot be found")
  c:ends("script")
end)

test("a storage that takes nothing is logged", function(t)
  stored(t, 1)
  t:reply("storage:put", { error = "timeout" })
  local c = owner(t)
  hears(c, 1)
  c:presses("*")
  c:hears("Goodbye.")
  c:ends("script")
  c:logs("warn", "what was done with a message is not kept")
end)

test("without a key it says what it wants", function()
  expect(function() mailbox.open({} :: any, {} :: any) end):fails("wanted { key")
end)
