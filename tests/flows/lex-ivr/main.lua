-- A bot asks which department, the directory says where it is, and the call is bridged there: through the Voice
-- Connector, which gets the department in a SIP header, or to a number of the telephone network.

local BOT_ALIAS_ARN = `arn:aws:lex:{config.REGION}:{config.ACCOUNT_ID}:bot-alias/`
  .. `{config.LEX_BOT_ID}/{config.LEX_BOT_ALIAS_ID}`

local OPERATOR = "000000" -- who answers on the Voice Connector when the bot heard no department

-- The session opens with the question for the slot already put; without it the bot finds its own way there.
local function open_session(call)
  local _, err = aws.json {
    service = "lexv2-runtime",
    operation = "PutSession",
    input = {
      botId = config.LEX_BOT_ID,
      botAliasId = config.LEX_BOT_ALIAS_ID,
      localeId = "en_US",
      sessionId = call.legs["LEG-A"].id,
      sessionState = {
        sessionAttributes = { phoneNumber = call.from },
        intent = { name = "RouteCall" },
        dialogAction = { type = "ElicitSlot", slotToElicit = "Department" },
      },
    },
  }
  if err then
    log.warn("the bot's session was not opened", { reason = tostring(err) })
  end
end

local function connector(uri, department)
  return { arn = config.VOICE_CONNECTOR_ARN, uri = uri, sip_headers = { ["X-LexInfo"] = department } }
end

-- Where a department is, as `bridge` wants it; nil where the directory does not know.
local function look_up(department)
  local reply, err = aws.json {
    service = "dynamodb",
    operation = "GetItem",
    input = { TableName = config.DEPARTMENT_DIRECTORY, Key = { department_name = { S = department } } },
  }
  if err then
    log.error("no answer from the directory", { reason = tostring(err) })
  end
  local row = reply and reply.Item
  if row and row.service.S == "voiceConnector" then
    return connector(row.number.S, department)
  end
  return row and { to = row.number.S }
end

return function(call)
  call.voice = { voice = "Joanna", engine = "neural", language = "en-US" }
  -- In a step, since the reply is long and nothing of it is needed.
  call:step("open the session", function() open_session(call) end)
  call:say("What department would you like to be connected to?")
  local wish, err = call:bot { alias_arn = BOT_ALIAS_ARN, attributes = { phoneNumber = call.from } }
  if err then
    log.error("the bot failed", { reason = tostring(err) })
  end
  local department = wish and wish.slots.Department
  local party = if department then look_up(department) else connector(OPERATOR, "unknown")
  local leg = party and call:bridge(party)
  if not leg then
    call:say(`We are sorry, we cannot connect you to {department or "the operator"}. Goodbye.`)
  end
end
