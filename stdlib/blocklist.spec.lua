-- Callers who are refused, and who call too often.

local function caller(t: any, options: any, from: string?): any
  t:config { blocklist = options }
  return t:call { script = "examples/blocklist", from = from }
end

local function is_welcome(c: any)
  c:hears("Welcome.")
  c:ends("script")
end

test("numbers and beginnings of numbers are refused", function(t)
  local list = { numbers = { "+12065550142", "+1900*" } }
  caller(t, list):ends("busy")
  t:call { script = "examples/blocklist", from = "+19005550101" }:ends("busy")
  is_welcome(t:call { script = "examples/blocklist", from = "+12065550143" })
end)

test("callers without a number are refused where that is wanted", function(t)
  is_welcome(caller(t, {}, "anonymous"))
end)

test("callers without a number are refused", function(t)
  caller(t, { anonymous = true }, "anonymous"):ends("busy")
end)

test("numbers are looked up, and storage that fails lets callers in", function(t)
  t:storage { ["blocked/12065550142"] = true }
  caller(t, { prefix = "blocked/" }):ends("busy")
  is_welcome(t:call { script = "examples/blocklist", from = "+12065550143" })
end)

test("storage that fails lets callers in", function(t)
  t:reply("storage:get", { error = "failed" })
  local c = caller(t, { prefix = "blocked/" })
  is_welcome(c)
  c:logs("warn", "whether a caller is blocked cannot be looked up")
end)

test("who calls too often is told, until an hour has gone by", function(t)
  t:at("2026-06-01 10:00", "UTC")
  t:storage { ["calls/12065550142"] = { at = { 1 } } }
  is_welcome(caller(t, { rate = { most = 2 } }))
  is_welcome(t:call { script = "examples/blocklist" })
  local third = t:call { script = "examples/blocklist" }
  third:hears("You have called too often.")
  third:ends("script")
  is_welcome(t:call { script = "examples/blocklist", from = "anonymous" })
end)

test("calls that cannot be counted are let in", function(t)
  t:reply("storage:get", { error = "failed" })
  is_welcome(caller(t, { rate = { most = 1 } }))
end)

test("a count that cannot be kept lets callers in", function(t)
  t:reply("storage:get", { at = {} })
  t:reply("storage:put", { error = "failed" })
  local c = caller(t, { rate = { most = 1 } })
  is_welcome(c)
  c:logs("warn", "how often somebody calls cannot be counted")
end)

test("without a number of calls it says what is wanted", function(t)
  caller(t, { rate = {} }):fails("wanted { most")
end)
