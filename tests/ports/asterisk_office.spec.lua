-- The office in Spanish: open, closed, on a holiday, and with nobody there.

local MENU = "Para ventas, pulse 1."

local function caller(t, at)
  t:at(at)
  return t:call { script = "asterisk_office" }
end

local function leaves_a_message(c)
  c:hears("Deje su mensaje ahora")
  c:talks(4)
  c:presses("#")
  c:records {}
  c:hears("Su mensaje se ha guardado.")
  c:ends("script")
end

test("in the morning sales can be reached", function(t)
  local c = caller(t, "2026-06-01T09:00:00+02:00")
  c:hears(MENU)
  c:presses("1")
  c:rings("+34910550101"):answers()
end)

test("in the afternoon support can be reached, or is busy", function(t)
  local c = caller(t, "2026-06-01T17:59:00+02:00")
  c:hears(MENU)
  c:presses("2")
  c:rings("+34910550102"):is_busy()
  c:hears("No contesta nadie.")
  c:ends("script")
end)

test("who waits gets the operator", function(t)
  local c = caller(t, "2026-06-01T09:00:00+02:00")
  c:hears(MENU)
  c:rings("+34910550100"):answers()
end)

local CLOSED = { noon = "2026-06-01T15:00:00+02:00", Sunday = "2026-06-07T09:00:00+02:00" }

for name, at in CLOSED do
  test(`{name}: it is closed`, function(t)
    local c = caller(t, at)
    c:hears("Estamos cerrados.")
    leaves_a_message(c)
  end)
end

test("a holiday has words of its own", function(t)
  local c = caller(t, "2027-01-01T09:00:00+01:00")
  c:hears("Hoy es festivo.")
  leaves_a_message(c)
end)
