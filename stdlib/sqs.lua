-- Queues of SQS.

local sqs = {}

-- Sends a string, or a table as JSON. Returns the message id. `group` and `token` are for FIFO queues; `delay` is in seconds.
function sqs.send(
  queue_url: string, message: any, options: { group: string?, token: string?, delay: number? }?
): (string?, any)
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
