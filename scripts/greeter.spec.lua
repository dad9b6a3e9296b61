-- A greeting, and then the call ends.

test("says hello and hangs up", function(t)
  local c = t:call()
  c:hears("Hello! This is a test call")
  c:ends("script")
end)
