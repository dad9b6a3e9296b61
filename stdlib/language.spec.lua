-- The caller's language: chosen, remembered, and where neither is possible.

local language = require("./language")

local function caller(t: any, from: string?): any
  return t:call { script = "examples/language", from = from }
end

test("a language is chosen, and remembered for the next call", function(t)
  t:config { remember = true }
  t:storage {}
  local c = caller(t)
  c:hears("For English, press 1.", "Para español, pulse 2.")
  c:presses("2")
  c:hears("Bienvenidos.")
  c:ends("script")
  expect(t:stored("language/12065550142")):equals("es-US")
  local again = caller(t)
  again:hears("Bienvenidos.")
  again:ends("script")
end)

test("who presses nothing hears the first language, and is asked again next time", function(t)
  t:config { remember = true }
  t:storage {}
  local c = caller(t)
  c:hears("For English, press 1.")
  c:eventually("Welcome.")
  c:ends("script")
  expect(t:stored("language/12065550142")):is_nil()
end)

test("a caller without a number is asked, and nothing is kept", function(t)
  t:config { remember = true }
  t:storage {}
  local c = caller(t, "anonymous")
  c:hears("For English, press 1.", "Para español")
  c:presses("1")
  c:hears("Welcome.")
  c:ends("script")
  expect(t:asked()):equals {}
end)

test("storage that fails costs nobody the call", function(t)
  t:config { remember = true }
  t:reply("storage:get", { error = "failed" })
  t:reply("storage:put", { error = "failed" })
  local c = caller(t)
  c:hears("For English, press 1.", "Para español")
  c:presses("2")
  c:hears("Bienvenidos.")
  c:logs("warn", "the language cannot be looked up")
  c:ends("script")
end)

test("who hangs up is spoken to no more", function(t)
  local c = caller(t)
  c:hears("For English, press 1.")
  c:hangs_up()
  c:ends("caller")
end)

test("without languages it says what is wanted", function(t)
  t:config { no_languages = true }
  local c = caller(t)
  c:fails("wanted { languages =")
end)

test("a leg that has left has no language", function()
  local call: any = { from = "+12065550142" }
  function call.menu(_, _) return nil, { type = "left" } end
  local code, err = language.choose(call, { languages = { { key = "1", language = "en-US", say = "English" } } })
  expect(code):is_nil()
  expect(err.type):equals("left")
end)
