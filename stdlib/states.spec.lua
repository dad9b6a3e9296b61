-- State machines of Step Functions.

local states = require("./states")

local MACHINE = "arn:aws:states:us-east-1:111122223333:stateMachine:orders"

test("an execution is started once by its name", function(t)
  t:reply("states:StartExecution", { executionArn = "arn:1" })
  expect(states.start(MACHINE, { order = 17 }, "order-17")):equals("arn:1")
  expect(t:asked()[1]):contains { stateMachineArn = MACHINE, input = '{"order":17}', name = "order-17" }
end)

test("a start that fails says why", function(t)
  t:reply("states:StartExecution", { error = "denied" })
  local arn, err = states.start(MACHINE)
  expect(arn):is_nil()
  expect(err.type):equals("denied")
end)

test("an express machine runs to its end", function(t)
  t:reply("states:StartSyncExecution", { output = { status = "SUCCEEDED", output = '{"total":3}' } })
  expect(states.run(MACHINE, { order = 17 })):equals { total = 3 }
end)

test("a machine that fails says why", function(t)
  t:reply("states:StartSyncExecution", { output = { status = "FAILED", error = "Lost", cause = "no such order" } })
  t:reply("states:StartSyncExecution", { error = "throttled" })
  local output, err = states.run(MACHINE)
  expect(output):is_nil()
  expect(tostring(err)):equals("failed: no such order")
  expect(err.code):equals("Lost")
  local _, again = states.run(MACHINE)
  expect(again.type):equals("throttled")
end)
