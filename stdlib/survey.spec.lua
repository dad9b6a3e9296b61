-- Surveys: whole, half, and not at all.

local FIRST, SECOND = "How was our service, from 1 to 5?", "To hear from us, press 1."

local function caller(t: any): any
  local c = t:call { script = "examples/survey" }
  c:hears(FIRST)
  return c
end

test("answers are kept", function(t)
  t:config { survey = { key = "surveys/1" } }
  t:storage {}
  local c = caller(t)
  c:presses("4")
  c:hears(SECOND)
  c:presses("2")
  c:hears("Thank you.")
  c:ends("script")
  c:logs("info", "a survey")
  local kept = t:stored("surveys/1")
  expect(kept.answers):equals { service = 4, again = false }
  expect(kept.complete):equals(true)
end)

test("who hangs up half-way has answered half", function(t)
  t:config { survey = { key = "surveys/1" } }
  t:storage {}
  local c = caller(t)
  c:presses("5")
  c:hears(SECOND)
  c:hangs_up()
  c:ends("caller")
  expect(t:stored("surveys/1").answers):equals { service = 5 }
  expect(t:stored("surveys/1").complete):equals(false)
end)

test("an optional question may go without an answer, and others not", function(t)
  local c = caller(t)
  c:presses("1")
  c:hears(SECOND)
  c:eventually("Thank you.")
  c:ends("script")
  local other = caller(t)
  other:eventually("Not answered: no_input.")
  other:ends("script")
end)

test("answers that cannot be kept are logged, and the caller is thanked", function(t)
  t:config { survey = { key = "surveys/1" } }
  t:reply("storage:put", { error = "failed" })
  local c = caller(t)
  c:presses("3")
  c:hears(SECOND)
  c:presses("1")
  c:hears("Thank you.")
  c:logs("error", "the answers of a survey cannot be kept")
  c:ends("script")
end)

test("without questions it says what is wanted", function(t)
  t:config { survey = { questions = {} } }
  local c = t:call { script = "examples/survey" }
  c:fails("wanted { questions")
end)
