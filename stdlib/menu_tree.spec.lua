-- Menus as data: down, back, again, information, and silence.

local TOP = "For sales, press 1."
local SUPPORT = "For telephones, press 1."

local function caller(t: any): any
  local c = t:call { script = "examples/menu_tree" }
  c:hears(TOP)
  return c
end

test("a digit of the first menu is the result", function(t)
  local c = caller(t)
  c:presses("1")
  c:hears("We connect you with sales, by 1.")
  c:ends("script")
end)

test("menus lead to menus, and back", function(t)
  local c = caller(t)
  c:presses("2")
  c:hears(SUPPORT)
  c:presses("*")
  c:hears(TOP)
  c:presses("2")
  c:hears(SUPPORT)
  c:presses("2")
  c:hears("We connect you with computers, by 2 > 2.")
  c:ends("script")
end)

test("information is said before the same menu, and a menu is repeated", function(t)
  local c = caller(t)
  c:presses("3")
  c:hears("We are open from 9 to 5.", TOP)
  c:presses("9")
  c:hears(TOP)
  c:presses("1")
  c:hears("We connect you with sales")
  c:ends("script")
end)

test("silence is the default of the menu, or an error", function(t)
  local c = caller(t)
  c:eventually("We connect you with reception, by .")
  c:ends("script")
  local other = caller(t)
  other:presses("2")
  other:hears(SUPPORT)
  other:eventually("No choice: no_input.")
  other:ends("script")
end)

test("texts can be files", function(t)
  local file = function(name: string) return { key = name, bucket = "acme-audio" } end
  t:config { tree = { say = file("menu.wav"), options = { ["1"] = { tell = file("hours.wav") }, ["2"] = "sales" } } }
  local c = t:call { script = "examples/menu_tree" }
  c:hears { file = "menu.wav" }
  c:presses("1")
  c:hears({ file = "hours.wav" }, { file = "menu.wav" })
  c:presses("2")
  c:hears("We connect you with sales")
  c:ends("script")
end)

test.each {
  { { say = "Press 1." }, "the menu wants say and options" },
  { { options = {} }, "the menu wants say and options" },
  { { say = "?", options = { ["1"] = { options = {} } } }, "the menu > 1 wants say" },
  { { say = "?", options = { ["1"] = { text = "?" } } }, "the menu > 1 is a table without options or tell" },
}("a tree that is not one is named", function(t, tree, text)
  t:config { tree = tree }
  local c = t:call { script = "examples/menu_tree" }
  c:fails(text)
end)
