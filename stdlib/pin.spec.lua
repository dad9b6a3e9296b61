-- PINs: right, wrong, locked, and storage that fails.

local ASK = "Please enter your PIN."
local LOCK = { key = "pin/4711", most = 2, seconds = 600 }

local function caller(t: any, options: any): any
  t:config { pin = options }
  return t:call { script = "examples/pin" }
end

test("the right PIN lets in, at any try", function(t)
  local c = caller(t, { expected = "4929" })
  c:hears(ASK)
  c:presses("1111")
  c:hears("That is not right.", ASK)
  c:presses("4929")
  c:hears("Welcome.")
  c:ends("script")
end)

test("wrong PINs end with an error, and so does silence", function(t)
  local c = caller(t, { verify = true, tries = 2, language = "de-DE" })
  c:hears("Bitte geben Sie Ihre PIN ein.")
  c:presses("1111")
  c:hears("Das stimmt nicht.", "Bitte")
  c:presses("2222")
  c:hears("Das stimmt nicht.", "Not let in: wrong.")
  c:ends("script")
  local other = t:call { script = "examples/pin" }
  other:hears("Bitte geben Sie Ihre PIN ein.")
  other:eventually("Not let in: no_input.")
  other:ends("script")
end)

test("a PIN is locked over calls, for its time", function(t)
  t:at("2026-06-01 10:00", "UTC")
  t:storage {}
  local c = caller(t, { expected = "4929", lock = LOCK, texts = { wrong = "No." } })
  c:hears(ASK)
  c:presses("1111")
  c:hears("No.", ASK)
  c:presses("1112")
  c:hears("Your PIN is locked.", "Not let in: locked.")
  c:ends("script")
  local again = t:call { script = "examples/pin" }
  again:hears("Your PIN is locked.", "Not let in: locked.")
  again:ends("script")
  expect(t:stored("pin/4711").wrong):equals(2)
end)

test("a lock ends with its time, and the right PIN clears the count", function(t)
  t:at("2026-06-01 10:00", "UTC")
  t:storage { ["pin/4711"] = { wrong = 2, at = 1 } }
  local c = caller(t, { expected = "4929", lock = LOCK })
  c:hears(ASK)
  c:presses("1111")
  c:hears("That is not right.", ASK)
  c:presses("4929")
  c:hears("Welcome.")
  c:ends("script")
  expect(t:stored("pin/4711").wrong):equals(0)
end)

test("who cannot look up the lock lets nobody in; a count that cannot be kept is logged", function(t)
  t:reply("storage:get", { error = "failed" })
  local c = caller(t, { expected = "4929", lock = LOCK })
  c:hears("Not let in: denied.")
  c:logs("error", "whether a PIN is locked cannot be looked up")
  c:ends("script")
end)

test("a wrong PIN that cannot be counted ends it", function(t)
  t:reply("storage:get", {})
  t:reply("storage:get", {})
  t:reply("storage:put", { error = "failed" })
  local c = caller(t, { expected = "4929", lock = LOCK, tries = 1 })
  c:hears(ASK)
  c:presses("1111")
  c:hears("Not let in: denied.")
  c:logs("error", "a wrong PIN cannot be counted")
  c:ends("script")
end)

test("wrong PINs of another call count at once", function(t)
  t:reply("storage:get", {})
  t:reply("storage:get", { wrong = 2, at = 4102444800 })
  local c = caller(t, { expected = "4929", lock = LOCK })
  c:hears(ASK)
  c:presses("4929")
  c:hears("Your PIN is locked.", "Not let in: locked.")
  c:ends("script")
end)

test("without a PIN it says what is wanted", function(t)
  local c = caller(t, { none = true })
  c:fails("wanted { expected = }")
end)
