-- SSML from plain parts.

local ssml = require("./ssml")

test("parts are joined, and what is not markup is escaped", function()
  expect(ssml.speak("Tom & ", ssml.digits(12), "<b>")):equals(
    '<speak>Tom &amp; <say-as interpret-as="digits">12</say-as>&lt;b&gt;</speak>'
  )
end)

test("a telephone number has its pauses", function()
  expect(ssml.speak(ssml.telephone("+12065550101"))):contains('interpret-as="telephone">+12065550101<')
end)

test("silence is at most ten seconds", function()
  expect(ssml.speak(ssml.pause(1.5))):equals('<speak><break time="1500ms"/></speak>')
  for _, seconds in { -1, 11, "soon" } do
    expect(function() ssml.pause(seconds) end):fails("wanted 0 to 10 seconds")
  end
end)

test("a part of another kind is refused", function()
  expect(function() ssml.speak(true) end):fails("part 1 is a boolean")
end)
