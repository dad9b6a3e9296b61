-- Digits: said so that callers understand them, and read as amounts, dates, times and card numbers. Pure: no invocation.

local digits = {}

-- A date as callers type it.
export type Date = { year: number, month: number, day: number, date: string }

local function apart(text: string): string
  local found = {}
  for digit in string.gmatch(text, "%d") do
    table.insert(found, digit)
  end
  return table.concat(found, " ")
end

-- "4711" as "4, 7, 1, 1": one by one, with a breath between.
function digits.spoken(text: string): string
  return (string.gsub(apart(text), " ", ", "))
end

-- A telephone number in groups: "+12065550101" as "2 0 6, 5 5 5, 0 1 0 1"; of other countries by twos from the end.
function digits.telephone(number: string): string
  local area, exchange, line = string.match(number, "^%+1(%d%d%d)(%d%d%d)(%d%d%d%d)$")
  if area then
    return `{apart(area)}, {apart(exchange)}, {apart(line)}`
  end
  local plain, groups = string.gsub(number, "%D", ""), {}
  while #plain > 3 do
    table.insert(groups, 1, apart(string.sub(plain, -2)))
    plain = string.sub(plain, 1, -3)
  end
  table.insert(groups, 1, apart(plain))
  return table.concat(groups, ", ")
end

-- An amount with star for the point: "12*5" is 12.5, "7" is 7. nil where it has more than `places` digits behind the point
-- (default: 2), or cannot be read.
function digits.amount(typed: string, places: number?): number?
  local whole, part = string.match(typed, "^(%d*)%*?(%d*)$")
  local is_plain = whole and not string.find(typed, "*", 1, true)
  if not whole or (whole == "" and part == "") or (not is_plain and #part > (places or 2)) then
    return nil
  end
  return if is_plain then tonumber(typed) else tonumber(`{if whole == "" then "0" else whole}.{if part == "" then "0" else part}`)
end

-- A date of eight digits in the order `"mdy"` (the default), `"dmy"` or `"ymd"`; nil where there is no such day.
function digits.date(typed: string, order: string?): Date?
  local patterns = { mdy = "^(%d%d)(%d%d)(%d%d%d%d)$", dmy = "^(%d%d)(%d%d)(%d%d%d%d)$", ymd = "^(%d%d%d%d)(%d%d)(%d%d)$" }
  local wanted = order or "mdy"
  if not patterns[wanted] then
    error(`digits.date: the order is "{wanted}"; wanted mdy, dmy or ymd`, 2)
  end
  local parts = { string.match(typed, patterns[wanted]) }
  if #parts ~= 3 then
    return nil
  end
  local found = {}
  for place, letter in { string.sub(wanted, 1, 1), string.sub(wanted, 2, 2), string.sub(wanted, 3, 3) } do
    found[letter] = tonumber(parts[place])
  end
  local is_leap = found.y % 4 == 0 and (found.y % 100 ~= 0 or found.y % 400 == 0)
  local lengths = { 31, if is_leap then 29 else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 }
  local length = lengths[found.m]
  if not length or found.d < 1 or found.d > length then
    return nil
  end
  return { year = found.y, month = found.m, day = found.d, date = string.format("%04d-%02d-%02d", found.y, found.m, found.d) }
end

-- A time of four digits, "1730"; nil where there is none.
function digits.time(typed: string): { hour: number, minute: number }?
  local hour, minute = string.match(typed, "^(%d%d)(%d%d)$")
  if not hour or tonumber(hour) > 23 or tonumber(minute) > 59 then
    return nil
  end
  return { hour = tonumber(hour), minute = tonumber(minute) }
end

-- Whether the digits can be the number of a payment card: 12 to 19 of them, with the right check digit (Luhn). Ask for them
-- with `secret = true`.
function digits.is_card(typed: string): boolean
  if not string.match(typed, "^%d+$") or #typed < 12 or #typed > 19 then
    return false
  end
  local sum = 0
  for place = 1, #typed do
    local digit = tonumber(string.sub(typed, -place, -place))
    if place % 2 == 0 then
      digit *= 2
    end
    sum += if digit > 9 then digit - 9 else digit
  end
  return sum % 10 == 0
end

-- Whether two texts are the same, in a time that does not tell where they differ: for PINs.
function digits.same(one: string, other: string): boolean
  local differences = if #one == #other then 0 else 1
  for place = 1, #one do
    differences += if string.byte(one, place) == string.byte(other, place) then 0 else 1
  end
  return differences == 0
end

return digits
