-- Questions, and input that is read back.

local ASK = "Your account number, please."

local function caller(t: any): any
  local c = t:call { script = "examples/confirm" }
  c:hears(ASK)
  c:presses("4711")
  return c
end

test("digits are read back and count when they are right", function(t)
  local c = caller(t)
  c:hears("You entered 4, 7, 1, 1. Is that right? For yes, press 1. For no, press 2.")
  c:presses("1")
  c:hears("Do you want a letter? For yes, press 5. For no, press 6.")
  c:presses("5")
  c:hears("It is on its way.")
  c:ends("script")
end)

test("digits that are wrong are asked for again, so often and no more", function(t)
  t:config { confirm = { rounds = 2 } }
  local c = caller(t)
  c:hears("You entered")
  c:presses("2")
  c:hears(ASK)
  c:presses("4712")
  c:hears("You entered 4, 7, 1, 2")
  c:presses("2")
  c:hears("No account: no_input.")
  c:ends("script")
end)

test("who says no is heard, and who says nothing is not taken for yes", function(t)
  for digits, said in { ["6"] = "We send nothing.", [""] = "We call you back." } do
    local c = caller(t)
    c:hears("You entered")
    c:presses("1")
    c:hears("Do you want a letter?")
    if digits ~= "" then
      c:presses(digits)
    end
    c:eventually(said)
    c:ends("script")
  end
end)

test("silence at the number and at the question ends it with an error", function(t)
  local c = t:call { script = "examples/confirm" }
  c:hears(ASK)
  c:eventually("No account: no_input.")
  c:ends("script")
  local other = caller(t)
  other:hears("You entered")
  other:eventually("No account: no_input.")
  other:ends("script")
end)

test("words, languages and sentences can be chosen", function(t)
  t:config { confirm = { pairs = true, language = "fr-FR" } }
  local c = caller(t)
  c:hears("Vous avez tapé 47, 11. Est-ce exact ? Pour oui, tapez 1.")
  c:hangs_up()
  c:ends("caller")
end)

test("a sentence of one's own has its digits filled in", function(t)
  t:config { confirm = { texts = { choice = "{yes} or {no}?", right = "{value}?" } } }
  local c = caller(t)
  c:hears("4, 7, 1, 1? 1 or 2?")
  c:hangs_up()
  c:ends("caller")
end)
