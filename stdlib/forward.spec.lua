-- Forwarding: taken, declined, not answered, in turn; and what fails.

local FIRST, SECOND = "+12065550101", "+12065550102"

local function caller(t: any, from: string?): any
  local c = t:call { script = "examples/forward", from = from }
  c:hears("One moment, please.")
  return c
end

test("who answers hears who calls, and takes the call", function(t)
  local c = caller(t)
  local colleague = c:rings(FIRST):answers()
  colleague:hears("A call from 1 2 0 6 5 5 5 0 1 4 2.", "To take the call, press 1.")
  colleague:presses("1")
  colleague:hears("You are connected.")
  c:talks(10)
  c:hangs_up()
  c:ends("caller")
end)

test("the next is tried where the first is busy, does not answer or declines", function(t)
  for _, does in { "is_busy", "ignores", "declines" } do
    local c = caller(t)
    local first = c:rings(FIRST)
    if does == "declines" then
      first:answers()
      first:eventually("To decline it, press 2.")
      first:presses("2")
    else
      first[does](first)
    end
    local second = c:rings(SECOND):answers()
    second:eventually("To take the call, press 1.")
    second:presses("1")
    second:hears("You are connected.")
    c:hangs_up()
    c:ends("caller")
  end
end)

test("a voicemail that answers does not take the call", function(t)
  local c = caller(t)
  c:rings(FIRST):answers()
  c:rings(SECOND):ignores()
  c:hears("Nobody is there: no_answer.")
  c:ends("script")
end)

test("a caller without a number is announced as such", function(t)
  local c = caller(t, "anonymous")
  c:rings(FIRST):answers():hears("A call without a number.")
  c:hangs_up()
  c:ends("caller")
end)

test("without screening who answers is connected, after a whisper of one's own", function(t)
  t:config { forward = { screen = false, whisper = { key = "sales.wav", bucket = "acme-audio" }, language = "es-US" } }
  local c = t:call { script = "examples/forward" }
  c:hears("Un momento, por favor.")
  c:rings(FIRST):answers():hears { file = "sales.wav" }
  c:talks(5)
  c:hangs_up()
  c:ends("caller")
end)

test("without words both are connected in silence", function(t)
  t:config { forward = { say = false, whisper = false, screen = false } }
  local c = t:call { script = "examples/forward" }
  c:rings(FIRST):answers():hears_nothing(2)
  c:hangs_up()
  c:ends("caller")
end)

test("calls begin with the one after who took the last", function(t)
  t:config { forward = { hunt = true, screen = false, texts = { connecting = "One moment, please. Really." } } }
  t:storage {}
  for _, number in { FIRST, SECOND, FIRST } do
    local c = caller(t)
    c:rings(number):answers()
    c:talks(3)
    c:hangs_up()
    c:ends("caller")
  end
  expect(t:stored("turn/sales")):equals(1)
end)

test("turns that cannot be kept cost nobody the call", function(t)
  t:config { forward = { hunt = true, screen = false } }
  t:reply("storage:get", { error = "failed" })
  t:reply("storage:put", { error = "failed" })
  local c = caller(t)
  c:rings(FIRST):answers()
  c:talks(3)
  c:logs("warn", "who took the last call cannot be looked up")
  c:hangs_up()
  c:ends("caller")
end)

test("without numbers it says what is wanted", function(t)
  t:config { forward = { numbers = {} } }
  local c = t:call { script = "examples/forward" }
  c:fails("wanted { numbers =")
end)

test("texts can be files", function(t)
  local file = function(name: string) return { key = name, bucket = "acme-audio" } end
  t:config { forward = { texts = { connecting = file("wait.wav"), take = file("take.wav"), whisper = file("whisper.wav") } } }
  local c = t:call { script = "examples/forward" }
  c:hears { file = "wait.wav" }
  local colleague = c:rings(FIRST):answers()
  colleague:hears({ file = "whisper.wav" }, { file = "take.wav" })
  colleague:presses("1")
  colleague:hears("You are connected.")
  c:hangs_up()
  c:ends("caller")
end)

test("who declines and cannot be let go ends it", function(t)
  t:fail("Hangup", "SystemException")
  local c = caller(t)
  local colleague = c:rings(FIRST):answers()
  colleague:eventually("To decline it, press 2.")
  colleague:presses("2")
  c:eventually("Nobody is there: failed.")
  c:logs("warn", "who declined the call cannot be let go")
end)
