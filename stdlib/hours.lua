-- Opening hours: open or not, when next, and that in words. Pure: it asks nothing and costs no invocation.

local hours = {}

-- When a line is open. `week` says it for each day that is open: `"9:00-17:30"`, or `"9-12, 13-17"`; `"22-2"` goes over
-- midnight. `holidays` are closed: `"12-25"` every year, `"2026-11-26"` once. `dates` have hours of their own, such as
-- `["12-24"] = "9-12"`. `closed = true` closes at once. `now` is in seconds since 1970; default: the time of the event.
export type Hours = {
  zone: string, week: { [string]: string }, holidays: { string }?, dates: { [string]: string }?, closed: boolean?, now: number?,
}

-- A moment at which it opens: `days` from today on (0 is today), `weekday` (Monday is 1), `hour`, `minute`.
export type Opening = { days: number, weekday: number, hour: number, minute: number, date: string }

type Span = { from: number, to: number }

local DAYS = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" }
local DAY = 24 * 60
-- How far ahead an opening is looked for, in days.
local AHEAD = 370

local function minutes(text: string, whole: string): number
  local hour, minute = string.match(text, "^%s*(%d%d?):(%d%d)%s*$")
  if not hour then
    hour, minute = string.match(text, "^%s*(%d%d?)%s*$"), "0"
  end
  local count = hour and tonumber(hour) * 60 + tonumber(minute)
  if not count or count > DAY or tonumber(minute) > 59 then
    error(`hours: "{whole}" has no times; wanted such as "9:00-17:30" or "9-12, 13-17"`, 0)
  end
  return count
end

local function spans(text: string?): { Span }
  local found = {}
  for part in string.gmatch(text or "", "[^,]+") do
    local from, to = string.match(part, "^(.-)%-(.*)$")
    if not from then
      error(`hours: "{text}" has no times; wanted such as "9:00-17:30" or "9-12, 13-17"`, 0)
    end
    local span = { from = minutes(from, text), to = minutes(to, text) }
    -- Over midnight: it ends on the next day.
    if span.to <= span.from then
      span.to += DAY
    end
    table.insert(found, span)
  end
  return found
end

-- The days since 1970 of a date, and back (the proleptic Gregorian calendar).
local function number_of(year: number, month: number, day: number): number
  local shifted = if month <= 2 then year - 1 else year
  local era = shifted // 400
  local of_era = shifted - era * 400
  local of_year = (153 * (if month > 2 then month - 3 else month + 9) + 2) // 5 + day - 1
  return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468
end

local function date_of(number: number): (number, number, number)
  local shifted = number + 719468
  local era = shifted // 146097
  local day = shifted - era * 146097
  local year = (day - day // 1460 + day // 36524 - day // 146096) // 365
  local of_year = day - (365 * year + year // 4 - year // 100)
  local month = (5 * of_year + 2) // 153
  local of_month = of_year - (153 * month + 2) // 5 + 1
  month = if month < 10 then month + 3 else month - 9
  return year + era * 400 + (if month <= 2 then 1 else 0), month, of_month
end

local function check(options: Hours)
  if type(options) ~= "table" or type(options.zone) ~= "string" or type(options.week) ~= "table" then
    error('hours: wanted { zone = "Europe/Berlin", week = { mon = "9-17" } }', 0)
  end
  for name in options.week do
    if not table.find(DAYS, name) then
      error(`hours: the week has no day "{name}"; wanted {table.concat(DAYS, ", ")}`, 0)
    end
  end
end

-- The spans that begin on a day.
local function of_day(options: Hours, number: number): ({ Span }, string)
  local year, month, day = date_of(number)
  local short, date = string.format("%02d-%02d", month, day), string.format("%04d-%02d-%02d", year, month, day)
  local dates = options.dates or {}
  local own = dates[date] or dates[short]
  if own then
    return spans(own), date
  end
  for _, holiday in options.holidays or {} do
    if holiday == date or holiday == short then
      return {}, date
    end
  end
  return spans(options.week[DAYS[(number + 3) % 7 + 1]]), date
end

local function local_now(options: Hours): (any, any)
  check(options)
  local now, err = time.at(options.zone, options.now)
  if not now then
    return nil, err
  end
  return { day = number_of(now.year, now.month, now.day), minute = now.hour * 60 + now.minute }
end

-- Until which minute it is open, counted from today's midnight, where it is open now. Spans that touch are one.
local function open_until(options: Hours, now: any): number?
  if options.closed then
    return nil
  end
  local all: { Span } = {}
  for day = -1, 2 do
    for _, span in of_day(options, now.day + day) do
      table.insert(all, { from = span.from + day * DAY, to = span.to + day * DAY })
    end
  end
  table.sort(all, function(one, other) return one.from < other.from end)
  local till: number? = nil
  for _, span in all do
    local is_now = span.from <= now.minute and span.to > now.minute
    if is_now or (till and span.from <= till) then
      till = math.max(till or 0, span.to)
    end
  end
  return till
end

-- Whether it is open; nil and an error where there is no such time zone.
function hours.is_open(options: Hours): (boolean?, any)
  local now, err = local_now(options)
  if not now then
    return nil, err
  end
  return open_until(options, now) ~= nil
end

-- When it opens next; nil where it does not open within a year, or where there is no such time zone (and an error).
function hours.next(options: Hours): (Opening?, any)
  local now, err = local_now(options)
  if not now or options.closed then
    return nil, err
  end
  for days = 0, AHEAD do
    local first: Opening? = nil
    local begins, date = of_day(options, now.day + days)
    for _, span in begins do
      local is_later = days > 0 or span.from > now.minute
      if is_later and (not first or span.from < first.hour * 60 + first.minute) then
        local weekday = (now.day + days + 3) % 7 + 1
        first = { days = days, weekday = weekday, hour = span.from // 60, minute = span.from % 60, date = date }
      end
    end
    if first then
      return first
    end
  end
  return nil
end

local function clock12(hour: number, minute: number): string
  local half = if hour % 24 < 12 then "AM" else "PM"
  local shown = (hour + 11) % 12 + 1
  return if minute == 0 then `{shown} {half}` else string.format("%d:%02d %s", shown, minute, half)
end

local function clock_es(hour: number, minute: number): string
  local article = if hour % 24 == 1 then "la" else "las"
  return if minute == 0 then `{article} {hour % 24}` else string.format("%s %d:%02d", article, hour % 24, minute)
end

local function clock_fr(hour: number, minute: number): string
  local word = if hour % 24 < 2 then "heure" else "heures"
  return if minute == 0 then `{hour % 24} {word}` else string.format("%d %s %02d", hour % 24, word, minute)
end

local function clock_de(hour: number, minute: number): string
  return if minute == 0 then `{hour % 24} Uhr` else string.format("%d Uhr %02d", hour % 24, minute)
end

-- Every sentence, by language; `texts` of hours.say replaces single ones. {time} and {day} are filled in.
hours.texts = {
  en = {
    open = "We are open until {time}.", always = "We are open.", closed = "We are closed.",
    today = "We open today at {time}.", tomorrow = "We open tomorrow at {time}.", later = "We open on {day} at {time}.",
    days = { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday" }, clock = clock12,
  },
  es = {
    open = "Estamos abiertos hasta {time}.", always = "Estamos abiertos.", closed = "Estamos cerrados.",
    today = "Abrimos hoy a {time}.", tomorrow = "Abrimos mañana a {time}.", later = "Abrimos el {day} a {time}.",
    days = { "lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo" }, clock = clock_es,
  },
  fr = {
    open = "Nous sommes ouverts jusqu'à {time}.", always = "Nous sommes ouverts.", closed = "Nous sommes fermés.",
    today = "Nous ouvrons aujourd'hui à {time}.", tomorrow = "Nous ouvrons demain à {time}.",
    later = "Nous ouvrons {day} à {time}.",
    days = { "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche" }, clock = clock_fr,
  },
  de = {
    open = "Wir haben bis {time} geöffnet.", always = "Wir haben geöffnet.", closed = "Wir haben geschlossen.",
    today = "Wir öffnen heute um {time}.", tomorrow = "Wir öffnen morgen um {time}.", later = "Wir öffnen am {day} um {time}.",
    days = { "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag" }, clock = clock_de,
  },
}

-- Whether it is open, until when or when next, in one or two sentences: for `call:say`. `language` is `en`, `es`, `fr` or
-- `de`, or begins so; default: English. `texts` replaces sentences. Where there is no such time zone, it is closed, and an
-- error comes with that.
function hours.say(options: Hours, language: string?, texts: { [string]: string }?): (string, any)
  local known = hours.texts[string.sub(language or "en", 1, 2)] or hours.texts.en
  local now, err = local_now(options)
  if not now then
    return texts and texts.closed or known.closed, err
  end
  local function text(name: string, hour: number?, minute: number?, day: string?): string
    local pattern = texts and texts[name] or known[name]
    local filled = string.gsub(pattern, "{time}", if hour then known.clock(hour, minute) else "")
    return (string.gsub(filled, "{day}", day or ""))
  end
  local till = open_until(options, now)
  if till then
    -- What goes on for longer than a day has no one time.
    local minute = till % DAY
    return if till - now.minute > DAY then text("always") else text("open", minute // 60, minute % 60)
  end
  local opening = hours.next(options)
  -- A weekday alone would be understood as that of this week.
  if not opening or opening.days > 6 then
    return text("closed")
  end
  local name = if opening.days == 0 then "today" elseif opening.days == 1 then "tomorrow" else "later"
  return `{text("closed")} {text(name, opening.hour, opening.minute, known.days[opening.weekday])}`
end

return hours
