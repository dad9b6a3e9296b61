-- Dial by name: the caller types the first letters of a name, and chooses among those that fit. Costs an invocation for the
-- letters and one for the choice.

local texts = require("@std/texts")

local directory = {}

-- Somebody who can be reached: the name as it is said, and any fields of your own.
export type Person = { name: string, [string]: any }

-- What can be set. `letters` is how many are typed (default: 3). `tries` is how often (default: 3). Letters fit the beginning of
-- any part of a name, so "Ann Smith" is found as Ann and as Smith.
export type Options = {
  people: { Person }, letters: number?, tries: number?, language: string?, texts: { [string]: string }?,
}

-- Every sentence, by language.
directory.texts = {
  en = {
    ask = "Please enter the first {letters} letters of the name.", choose = "For {name}, press {digit}.",
    fits_nobody = "Nobody of that name is here.", more = "Please enter more of another part of the name.",
  },
  es = {
    ask = "Marque las primeras {letters} letras del nombre.", choose = "Para {name}, pulse {digit}.",
    fits_nobody = "No hay nadie con ese nombre.", more = "Marque otra parte del nombre.",
  },
  fr = {
    ask = "Tapez les {letters} premières lettres du nom.", choose = "Pour {name}, tapez {digit}.",
    fits_nobody = "Il n'y a personne de ce nom.", more = "Tapez une autre partie du nom.",
  },
  de = {
    ask = "Bitte geben Sie die ersten {letters} Buchstaben des Namens ein.", choose = "Für {name} drücken Sie {digit}.",
    fits_nobody = "Niemand heißt so.", more = "Bitte geben Sie einen anderen Teil des Namens ein.",
  },
}

local DIGITS = { a = 2, b = 2, c = 2, d = 3, e = 3, f = 3, g = 4, h = 4, i = 4, j = 5, k = 5, l = 5, m = 6, n = 6, o = 6,
  p = 7, q = 7, r = 7, s = 7, t = 8, u = 8, v = 8, w = 9, x = 9, y = 9, z = 9 }

-- A letter, of one byte or of several.
local LETTER = "[%z\1-\127\194-\244][\128-\191]*"

-- Letters with marks are typed as those without.
local PLAIN: { [string]: string } = {}
for plain, marked in {
  a = "äáàâåãāÄÁÀÂÅÃ",
  c = "çčćÇČĆ",
  d = "ďđĎ",
  e = "éèêëěęÉÈÊËĚĘ",
  g = "ğĞ",
  i = "íîïìıÍÎÏÌİ",
  l = "łŁ",
  n = "ñńňÑŃŇ",
  o = "öóôøòõőÖÓÔØÒÕŐ",
  r = "řŘ",
  s = "ßšśşẞŠŚŞ",
  t = "ťŤ",
  u = "üúùûůűÜÚÙÛŮŰ",
  y = "ýÿÝ",
  z = "žźżŽŹŻ",
  ae = "æÆ", oe = "œŒ",
} do
  for letter in string.gmatch(marked, LETTER) do
    PLAIN[letter] = plain
  end
end

-- The digits of a name's part: "Smith" is "76484".
function directory.digits(part: string): string
  local found = {}
  for letter in string.gmatch(part, LETTER) do
    for plain in string.gmatch(string.lower(PLAIN[letter] or letter), "%a") do
      table.insert(found, tostring(DIGITS[plain]))
    end
  end
  return table.concat(found)
end

-- Those whose name has a part that begins with these digits, in their order.
function directory.matches(people: { Person }, typed: string): { Person }
  local found = {}
  for _, person in people do
    for part in string.gmatch(person.name, "[^%s%-]+") do
      if string.sub(directory.digits(part), 1, #typed) == typed then
        table.insert(found, person)
        break
      end
    end
  end
  return found
end

-- Has the caller choose somebody. Returns the person; or nil and an error: `not_found` after all tries, or one of `call:ask`.
function directory.choose(call: Call, options: Options): (Person?, any)
  if type(options) ~= "table" or type(options.people) ~= "table" then
    error('directory.choose: wanted { people = { { name = "Ann Smith", … }, … } }', 2)
  end
  local text = texts.of(call, directory.texts, options)

  local letters = options.letters or 3
  for _ = 1, options.tries or 3 do
    local typed, err = call:ask(texts.asking(texts.filled(text("ask"), { letters = tostring(letters) }), {
      min = math.min(2, letters), max = letters, timeout = 8, tries = 2,
    }))
    if not typed then
      return nil, err
    end
    local found = directory.matches(options.people, typed)
    if #found == 0 then
      texts.tell(call, text("fits_nobody"))
    elseif #found > 9 then
      texts.tell(call, text("more"))
    else
      local said, places = {}, {}
      for place, person in found do
        table.insert(said, texts.filled(text("choose"), { name = person.name, digit = tostring(place) }))
        places[tostring(place)] = place
      end
      local place, why = call:menu { say = table.concat(said, " "), options = places, tries = 2 }
      if place then
        return found[place]
      elseif why.type ~= "no_input" then
        return nil, why
      end
    end
  end
  return nil, { type = "not_found", message = "nobody was chosen" }
end

return directory
