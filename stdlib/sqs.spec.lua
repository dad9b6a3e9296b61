-- Queues of SQS.

local sqs = require("./sqs")

local QUEUE = "https://sqs.us-east-1.amazonaws.com/111122223333/orders"

test("a table is sent as JSON", function(t)
  t:reply("sqs:SendMessage", { MessageId = "m-1" })
  expect(sqs.send(QUEUE, { order = 17 }, { group = "g", token = "t", delay = 5 })):equals("m-1")
  expect(t:asked("sqs:SendMessage")[1]):contains {
    QueueUrl = QUEUE, MessageBody = '{"order":17}', MessageGroupId = "g", MessageDeduplicationId = "t", DelaySeconds = 5,
  }
end)

test("a string is sent as it is", function(t)
  t:reply("sqs:SendMessage", { MessageId = "m-2" })
  expect(sqs.send(QUEUE, "hello")):equals("m-2")
  expect(t:asked()[1].MessageBody):equals("hello")
end)

test("an error is handed on", function(t)
  t:reply("sqs:SendMessage", { error = "throttled" })
  local id, err = sqs.send(QUEUE, "hello")
  expect(id):is_nil()
  expect(err.type):equals("throttled")
end)
