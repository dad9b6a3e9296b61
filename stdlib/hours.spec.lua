-- Opening hours, held to a table of moments.

local hours = require("./hours")

-- Seconds since 1970 of a moment in Greenwich.
local function at(date: string, clock: string): number
  local year, month, day = string.match(date, "(%d+)-(%d+)-(%d+)")
  local hour, minute = string.match(clock, "(%d+):(%d+)")
  local days, shifted = 0, tonumber(year)
  for y = 1970, shifted - 1 do
    days += if y % 4 == 0 and (y % 100 ~= 0 or y % 400 == 0) then 366 else 365
  end
  local lengths = { 31, if shifted % 4 == 0 then 29 else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 }
  for m = 1, tonumber(month) - 1 do
    days += lengths[m]
  end
  return (days + tonumber(day) - 1) * 86400 + tonumber(hour) * 3600 + tonumber(minute) * 60
end

local function office(now: number, more: { [string]: any }?): any
  local options = {
    zone = "America/New_York", now = now, holidays = { "12-25", "2026-11-26" }, dates = { ["12-24"] = "9-12" },
    week = { mon = "9:00-17:30", tue = "9:00-17:30", wed = "9:00-17:30", thu = "9-12, 13-17:30", fri = "22-2" },
  }
  for name, value in more or {} do
    options[name] = value
  end
  return options
end

test("each moment of a week is open or closed as the table says", function()
  for _, moment in {
    -- New York is five hours behind Greenwich in winter, four in summer.
    { "2026-01-05", "13:59", false }, { "2026-01-05", "14:00", true }, { "2026-01-05", "22:29", true },
    { "2026-01-05", "22:30", false }, { "2026-07-06", "13:00", true }, { "2026-07-06", "12:59", false },
    -- The lunch of Thursday.
    { "2026-01-08", "16:59", true }, { "2026-01-08", "17:00", false }, { "2026-01-08", "18:00", true },
    -- Over midnight, from Friday on.
    { "2026-01-10", "02:59", false }, { "2026-01-10", "03:00", true }, { "2026-01-10", "06:59", true },
    { "2026-01-10", "07:00", false },
    -- Holidays: every year, once; and a date with hours of its own.
    { "2025-12-25", "15:00", false }, { "2026-11-26", "15:00", false }, { "2025-11-27", "15:00", true },
    { "2025-12-24", "16:00", true }, { "2025-12-24", "18:00", false },
  } do
    local is_open = hours.is_open(office(at(moment[1], moment[2])))
    expect({ moment[1], moment[2], is_open }):equals(moment)
  end
end)

test("the next opening is found over weekends, holidays and years", function()
  expect(hours.next(office(at("2026-01-05", "10:00")))):equals {
    days = 0, weekday = 1, hour = 9, minute = 0, date = "2026-01-05",
  }
  expect(hours.next(office(at("2026-01-10", "12:00")))):equals {
    days = 2, weekday = 1, hour = 9, minute = 0, date = "2026-01-12",
  }
  -- A leap year's last day of February.
  local leap = office(at("2028-02-28", "23:00"), { week = { tue = "8:15-9" } })
  expect(hours.next(leap)):equals { days = 1, weekday = 2, hour = 8, minute = 15, date = "2028-02-29" }
  expect(hours.next(office(at("2026-01-05", "10:00"), { week = {}, dates = {} }))):is_nil()
  expect(hours.next(office(at("2026-01-05", "10:00"), { closed = true }))):is_nil()
end)

test("it is said in four languages", function()
  local closed, open = at("2026-01-06", "23:00"), at("2026-01-06", "15:00")
  for language, said in {
    en = { "We are open until 5:30 PM.", "We are closed. We open tomorrow at 9 AM." },
    ["es-US"] = { "Estamos abiertos hasta las 17:30.", "Estamos cerrados. Abrimos mañana a las 9." },
    fr = { "Nous sommes ouverts jusqu'à 17 heures 30.", "Nous sommes fermés. Nous ouvrons demain à 9 heures." },
    ["de-DE"] = { "Wir haben bis 17 Uhr 30 geöffnet.", "Wir haben geschlossen. Wir öffnen morgen um 9 Uhr." },
  } do
    expect(hours.say(office(open), language)):equals(said[1])
    expect(hours.say(office(closed), language)):equals(said[2])
  end
  expect(hours.say(office(at("2026-01-05", "10:00")))):equals("We are closed. We open today at 9 AM.")
  expect(hours.say(office(at("2026-01-10", "12:00")), "xx")):equals("We are closed. We open on Monday at 9 AM.")
  expect(hours.say(office(closed, { closed = true }))):equals("We are closed.")
end)

test("sentences can be replaced, and what never closes has no time", function()
  local texts = { open = "Offen bis {time}!" }
  expect(hours.say(office(at("2026-01-06", "15:00")), "de", texts)):equals("Offen bis 17 Uhr 30!")
  local always = {}
  for _, day in { "mon", "tue", "wed", "thu", "fri", "sat", "sun" } do
    always[day] = "0-24"
  end
  expect(hours.say(office(at("2026-01-06", "15:00"), { week = always, holidays = {} }))):equals("We are open.")
  local night = office(at("2026-01-10", "04:00"))
  expect(hours.say(night)):equals("We are open until 2 AM.")
end)

test("spans that touch are one, over noon and over midnight", function()
  for _, moment in {
    { { mon = "9-12, 12-17" }, "2026-01-05", "15:00", "We are open until 5 PM." },
    { { fri = "22-3", sat = "0-5" }, "2026-01-10", "04:00", "We are open until 5 AM." },
    { { mon = "9-24", tue = "0-2" }, "2026-01-05", "23:00", "We are open until 2 AM." },
    { { mon = "9-17" }, "2026-01-05", "23:00", "We are closed." },
  } do
    local options = office(at(moment[2], moment[3]), { week = moment[1], dates = {} })
    expect(hours.say(options)):equals(moment[4])
  end
end)

test("one o'clock is said as it is said", function()
  local options = office(at("2026-01-05", "10:00"), { week = { mon = "13-14", tue = "1-2" } })
  expect(hours.say(options, "es")):equals("Estamos cerrados. Abrimos hoy a las 13.")
  options.now = at("2026-01-05", "23:00")
  expect(hours.say(options, "es")):equals("Estamos cerrados. Abrimos mañana a la 1.")
  expect(hours.say(options, "fr")):equals("Nous sommes fermés. Nous ouvrons demain à 1 heure.")
end)

test("what cannot be read is named", function()
  local function week(text: string): () -> ()
    return function() hours.is_open(office(at("2026-01-05", "15:00"), { week = { mon = text } })) end
  end
  for _, text in { "nine to five", "9", "9-17:75", "25-26" } do
    expect(week(text)):fails(`"{text}" has no times`)
  end
  expect(function() hours.is_open(office(0, { week = { monday = "9-17" } })) end):fails('no day "monday"')
  expect(function() hours.is_open({} :: any) end):fails("wanted { zone")
  local nowhere = office(0, { zone = "Mars/Base" })
  for _, ask in { hours.is_open, hours.next } do
    local result, err = ask(nowhere)
    expect(result):is_nil()
    expect(err ~= nil):equals(true)
  end
  local said, err = hours.say(nowhere)
  expect(said):equals("We are closed.")
  expect(err ~= nil):equals(true)
end)
