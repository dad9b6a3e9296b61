-- Queues of SQS.

local sqs = {}

-- Sends a text, or a table as JSON: the id of the message. `{ group =, token =, delay = }` are for queues that keep an order.
function sqs.send(queue_url, message, options)
  options = options or {}
  local reply, err = aws.json {
    service = "sqs", operation = "SendMessage",
    input = {
      QueueUrl = queue_url, MessageBody = if type(message) == "string" then message else json.encode(message),
      MessageGroupId = options.group, MessageDeduplicationId = options.token, DelaySeconds = options.delay,
    },
  }
  if not reply then
    return nil, err
  end
  return reply.MessageId
end

return sqs
