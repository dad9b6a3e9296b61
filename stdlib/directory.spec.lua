-- Dial by name.

local directory = require("./directory")

local ASK = "Please enter the first 3 letters of the name."

local function caller(t: any): any
  local c = t:call { script = "examples/directory" }
  c:hears(ASK)
  return c
end

test("names have digits", function()
  expect(directory.digits("Smith")):equals("76484")
  expect(directory.digits("Österlund")):equals("678375863")
  expect(directory.digits("Ève São Łæ")):equals("383726523")
  expect(directory.digits("O'Neill")):equals("663455")
end)

test("several who fit are offered", function(t)
  local c = caller(t)
  c:presses("764")
  c:hears("For Ann Smith, press 1. For Bo Smits, press 2.")
  c:presses("2")
  c:hears("Bo Smits has +12065550102.")
  c:ends("script")
end)

test("first names and letters with marks are found too", function(t)
  for _, digits in { "963", "678" } do
    local c = caller(t)
    c:presses(digits)
    c:hears("For Zoë Österlund, press 1.")
    c:presses("1")
    c:hears("Zoë Österlund has")
    c:ends("script")
  end
end)

test("who fits nobody is asked again, and in the end told", function(t)
  t:config { directory = { tries = 2 } }
  local c = caller(t)
  c:presses("999")
  c:hears("Nobody of that name is here.", ASK)
  c:presses("764")
  c:hears("For Ann Smith")
  c:eventually("Nobody: not_found.")
  c:ends("script")
end)

test("too many who fit are not read out, and silence is an error", function(t)
  local people = {}
  for number = 1, 10 do
    table.insert(people, { name = `Ann Number{number}`, number = "+12065550101" })
  end
  t:config { directory = { people = people, language = "es-US" } }
  local c = t:call { script = "examples/directory" }
  c:hears("Marque las primeras 3 letras del nombre.")
  c:presses("266")
  c:hears("Marque otra parte del nombre.", "Marque las primeras 3")
  c:eventually("Nobody: no_input.")
  c:ends("script")
end)

test("what is wanted is named, and a leg that has left is told", function()
  expect(function() directory.choose({} :: any, {} :: any) end):fails("wanted { people")
  local call: any = {}
  function call.ask(_, _) return "26" end
  function call.menu(_, _) return nil, { type = "left" } end
  local person, err = directory.choose(call, { people = { { name = "Ann" } } })
  expect(person):is_nil()
  expect(err.type):equals("left")
end)
