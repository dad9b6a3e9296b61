-- Sentences: chosen, filled in, said or played.

local texts = require("./texts")

local ALL = { en = { hello = "Hello." }, fr = { hello = "Bonjour." } }
local FILE = { key = "hello.wav", bucket = "acme-audio" }

-- A call that remembers what it was told.
local function stub(language: string?): any
  local call: any = { voice = language and { language = language }, told = {} }
  function call.say(_, prompt) table.insert(call.told, { say = prompt }) end
  function call.play(_, prompt) table.insert(call.told, { play = prompt }) end
  return call
end

test("a sentence is one's own, else that of the language, else English", function()
  expect(texts.of(stub(), ALL, { texts = { hello = "Hi." }, language = "fr" })("hello")):equals("Hi.")
  expect(texts.of(stub(), ALL, { texts = { hello = false } })("hello")):equals(false)
  expect(texts.of(stub("en-US"), ALL, { language = "fr-CA" })("hello")):equals("Bonjour.")
  expect(texts.of(stub("fr-FR"), ALL, {})("hello")):equals("Bonjour.")
  expect(texts.of(stub("ja-JP"), ALL, {})("hello")):equals("Hello.")
  expect(texts.of({} :: any, ALL, {})("hello")):equals("Hello.")
end)

test("names are filled in, and what has none or is a file stays", function()
  expect(texts.filled("{a} and {b}, {c}", { a = "50%", b = "%1" })):equals("50% and %1, {c}")
  expect(texts.filled(FILE, { a = "1" })):equals(FILE)
end)

test("sentences are said, files are played, to a leg where one is given", function()
  local call = stub()
  texts.tell(call, "Hello.")
  texts.tell(call, FILE)
  texts.tell(call, false)
  texts.tell(call, "Hello.", "LEG-B")
  expect(call.told):equals {
    { say = "Hello." }, { play = FILE }, { say = { text = "Hello.", leg = "LEG-B" } },
  }
end)

test("a file is asked with a file for wrong digits", function()
  expect(texts.asking("Hello.", { max = 1 })):equals { say = "Hello.", max = 1 }
  expect(texts.asking(FILE, { max = 1 })):equals { play = FILE, invalid = FILE, max = 1 }
end)
