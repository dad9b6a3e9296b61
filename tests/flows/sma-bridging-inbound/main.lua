-- Account line: callers whom the table knows choose sales or support; the others key their account id first.
--
-- The row of a number has the account id and, once chosen, the extension, which the application that the call is
-- bridged to reads.

local EXTENSIONS = {
  sales = { number = config.SALES_PHONE_NUMBER, announcement = "transfer-to-sales.wav" },
  support = { number = config.SUPPORT_PHONE_NUMBER, announcement = "transfer-to-support.wav" },
}

local function prompt(key)
  return { key = key, bucket = config.WAVFILE_BUCKET }
end

-- One request to the table. Where it fails, so does the flow: the host apologises to the caller and hangs up.
local function request(operation, input)
  input.TableName = config.CALLINFO_TABLE_NAME
  local reply, err = aws.json { service = "dynamodb", operation = operation, input = input }
  return reply or error(`{operation} failed: {err.message}`)
end

return function(call)
  local key = { phoneNumber = { S = call.from } }
  local row = request("GetItem", { Key = key }).Item
  if row then
    call:say {
      text = `<speak>Your account ID is <say-as interpret-as='digits'>{row.accountId.S}</say-as>.</speak>`,
      voice = "Joanna", engine = "neural", language = "en-US",
    }
  else
    local account = call:ask {
      play = prompt("greeting.wav"), invalid = prompt("failure.wav"), min = 5, max = 5, tries = 3, digit_timeout = 1,
    }
    if not account then
      return
    end
    request("PutItem", { Item = { phoneNumber = key.phoneNumber, accountId = { S = account }, id = { S = call.id } } })
  end

  local name = call:menu {
    play = prompt("prompt.wav"), invalid = prompt("failure.wav"), options = { "sales", "support" },
  }
  if not name then
    return
  end
  request("UpdateItem", {
    Key = key,
    UpdateExpression = "set extension = :e",
    ExpressionAttributeValues = { [":e"] = { S = name } },
  })
  call:play(prompt(EXTENSIONS[name].announcement))
  local leg, err = call:bridge { to = EXTENSIONS[name].number, timeout = 20 }
  if not leg then
    log.warn("nobody was connected", { extension = name, reason = err.type })
    call:say("Nobody is there just now. Please call again.")
  end
end
