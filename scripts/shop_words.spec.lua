-- Sentences: in Spanish for Spanish, else in English.

local words = require("./shop_words")

test("each language has the same sentences", function()
  expect(words.of("es-US")("nobody")):equals("Ahora no hay nadie libre.")
  expect(words.of("en-US")("nobody")):equals("Nobody is free right now.")
  expect(words.of(nil)("nobody")):equals("Nobody is free right now.")
end)
