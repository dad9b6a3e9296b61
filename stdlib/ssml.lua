-- SSML for prompts, made from plain parts, so that no caller's name or number breaks the markup.
--
--   local ssml = require("@std/ssml")
--   action.speak { text = ssml.speak("Your code is ", ssml.digits("1234")), text_type = "ssml" }

--!strict

local ssml = {}

local ENTITIES = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;", ["'"] = "&apos;" }

-- A piece of markup that is already safe; everything else is escaped by `speak`.
local markup = {}

local function mark(text: string)
  return setmetatable({ text = text }, markup)
end

-- A plain string, escaped for use inside markup.
function ssml.escape(text: string | number): string
  return (string.gsub(tostring(text), "[&<>\"']", ENTITIES))
end

-- A whole SSML document from parts. Strings and numbers are escaped; values made by this module are used unchanged.
function ssml.speak(...: any): string
  local parts = { "<speak>" }
  for index = 1, select("#", ...) do
    local part = select(index, ...)
    if type(part) == "table" and getmetatable(part) == markup then
      table.insert(parts, part.text)
    elseif type(part) == "string" or type(part) == "number" then
      table.insert(parts, ssml.escape(part))
    else
      error(`ssml.speak: part {index} is a {type(part)}; wanted a string, a number, or a value made by ssml`, 2)
    end
  end
  table.insert(parts, "</speak>")
  return table.concat(parts)
end

-- Digit by digit: "1234" is said "one two three four".
function ssml.digits(digits: string | number)
  return mark(`<say-as interpret-as="digits">{ssml.escape(digits)}</say-as>`)
end

-- A telephone number, with its pauses.
function ssml.telephone(number: string)
  return mark(`<say-as interpret-as="telephone">{ssml.escape(number)}</say-as>`)
end

-- Silence, in seconds (Amazon Polly allows at most 10).
function ssml.pause(seconds: number)
  if type(seconds) ~= "number" or not (seconds >= 0 and seconds <= 10) then
    error(`ssml.pause: {tostring(seconds)} is not a valid pause; wanted 0 to 10 seconds`, 2)
  end
  return mark(`<break time="{math.floor(seconds * 1000)}ms"/>`)
end

return ssml
