-- Other Lambda functions.

local lambda = require("./lambda")

test("what a function returns is returned", function(t)
  t:reply("lambda:Invoke", { StatusCode = 200, Payload = { total = 3 } })
  expect(lambda.invoke("prices", { order = 17 })):equals { total = 3 }
end)

test("a function that fails says why", function(t)
  t:reply("lambda:Invoke", { FunctionError = "Unhandled", Payload = { errorMessage = "no such order" } })
  t:reply("lambda:Invoke", { FunctionError = "Unhandled" })
  t:reply("lambda:Invoke", { error = "throttled" })
  local reply, err = lambda.invoke("prices", {})
  expect(reply):is_nil()
  expect(tostring(err)):equals("failed: no such order")
  expect(err.code):equals("Unhandled")
  local _, mute = lambda.invoke("prices", {})
  expect(mute.message):equals("the function failed")
  local _, slow = lambda.invoke("prices", {})
  expect(slow.type):equals("throttled")
end)

test("a function is started and not waited for", function(t)
  t:reply("lambda:Invoke", { StatusCode = 202 })
  t:reply("lambda:Invoke", { error = "denied" })
  expect(lambda.start("prices", {})):equals(true)
  local started, err = lambda.start("prices", {})
  expect(started):is_nil()
  expect(err.type):equals("denied")
end)
