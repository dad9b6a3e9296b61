test("a caller joins and is muted", function(t)
  local c = t:call()
  expect(c:attribute("language")):is_nil()
  c:joins { join_token = "token" }
  expect(c:attribute("language")):equals("en")
  expect(c:attribute("none")):is_nil()
  c:is_muted()
  c:hangs_up()
end)

test("another meeting is told", function(t)
  t:call():joins { join_token = "other" }
end)

test("nobody is unmuted", function(t)
  t:call():is_unmuted()
end)

test("routes lead on", function(t)
  expect(t:route { to = "+12065550199" }):equals("survey")
  expect(t:route {}):equals("main")
  t:call { script = "survey" }:hears("Our survey."):ends("script")
end)
