-- Other Lambda functions.

-- An error that reads as those of the host do.
local function failed(err)
  return setmetatable(err, { __tostring = function() return `{err.type}: {err.message}` end })
end

local lambda = {}

-- What a function returns for a payload; an error of the function itself is `failed`, with its own words.
function lambda.invoke(name, payload)
  local reply, err = aws.json {
    service = "lambda", operation = "Invoke", input = { FunctionName = name, InvocationType = "RequestResponse", Payload = payload },
  }
  if not reply then
    return nil, err
  elseif reply.FunctionError then
    local told = if type(reply.Payload) == "table" then reply.Payload.errorMessage else nil
    return nil, failed { type = "failed", message = told or "the function failed", code = reply.FunctionError }
  end
  return reply.Payload
end

-- Has a function run, without waiting for it.
function lambda.start(name, payload)
  local reply, err = aws.json {
    service = "lambda", operation = "Invoke", input = { FunctionName = name, InvocationType = "Event", Payload = payload },
  }
  return reply and true, err
end

return lambda
