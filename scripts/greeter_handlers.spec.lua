-- The greeter as handlers: the same call, and the failure of its only action.

test("says hello and hangs up", function(t)
  local c = t:call()
  c:hears("Hello! This is a test call")
  c:ends("script")
end)

test("nobody is left on a silent line", function(t)
  t:fail("Speak", "SystemException")
  local c = t:call()
  c:ends("script")
  c:logs("error", "an action failed")
end)
