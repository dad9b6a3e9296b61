-- The survey: its questions, the comment, and the line that is logged however it ends.

-- The three questions, with these answers.
local function answers(c, keys)
  for number, question in { "How friendly were we?", "How quickly did we help you?", "Would you call us again?" } do
    c:hears(question)
    c:presses(keys[number])
  end
end

test("a caller answers everything", function(t)
  local c = t:call()
  c:hears("Thank you for taking our survey.")
  answers(c, { "5", "4", "1" })
  c:hears("What could we do better?", { file = "tone.wav" })
  c:talks(6)
  c:presses("#")
  c:records { prefix = "survey/" }
  c:hears("Thank you for your answers.")
  c:ends("script")
  c:logs("info", "survey", { friendly = 5, quick = 4, again = 1, completed = true })
end)

test("a key that is no answer is told", function(t)
  local c = t:call()
  c:hears("Thank you", "How friendly"):presses("9")
  c:hears("Sorry, please press a number from 1 to 5.", "How friendly"):presses("3")
  c:hears("How quickly")
  c:hangs_up()
  c:ends("caller")
  c:logs("info", "survey", { friendly = 3, completed = false, why = "hangup" })
end)

test("a question without an answer is left out", function(t)
  local c = t:call()
  c:hears("Thank you", "How friendly", "Sorry", "How friendly", "Sorry", "How quickly"):presses("2")
  c:hears("Would you call us again?"):presses("2")
  c:hears("What could we do better?")
  c:hangs_up()
end)

test("a comment that cannot be recorded does not matter", function(t)
  t:fail("RecordAudio", "SystemException")
  local c = t:call()
  c:hears("Thank you")
  answers(c, { "1", "2", "3" })
  c:hears("What could we do better?", { file = "tone.wav" }, "Thank you for your answers.")
  c:ends("script")
end)
