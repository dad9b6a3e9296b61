-- A thousand tests of one call: what `moonring test` costs.
local cases = {}
for number = 1, 1000 do
  cases[number] = { number }
end

test.each(cases)("call %s hears the hours", function(t)
  local c = t:call()
  c:hears("For our hours, press 1."):presses("1")
  c:hears("Monday to Friday", "Goodbye.")
  c:ends("script")
end)
