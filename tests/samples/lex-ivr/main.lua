-- A bot asks which department, the directory says where it is, and the call is bridged there: through the Voice
-- Connector, which gets the department in a SIP header, or to a number of the telephone network.

local BOT_ALIAS_ARN = `arn:aws:lex:{config.REGION}:{config.ACCOUNT_ID}:bot-alias/`
  .. `{config.LEX_BOT_ID}/{config.LEX_BOT_ALIAS_ID}`

local OPERATOR = "000000" -- who answers on the Voice Connector when the bot heard no department

local function session_attributes(call)
  return { phoneNumber = call.from }
end

-- The session opens with the question for the slot already put. Without it the bot still finds its own way to the
-- slot, so a failure is no reason to stop.
local function open_session(call)
  local reply, err = aws.json {
    service = "lexv2-runtime",
    operation = "PutSession",
    input = {
      botId = config.LEX_BOT_ID,
      botAliasId = config.LEX_BOT_ALIAS_ID,
      localeId = "en_US",
      sessionId = call.legs["LEG-A"].id,
      sessionState = {
        sessionAttributes = session_attributes(call),
        intent = { name = "RouteCall" },
        dialogAction = { type = "ElicitSlot", slotToElicit = "Department" },
      },
    },
  }
  if reply == nil then
    log.warn("the bot's session was not opened", { type = err.type, code = err.code, message = err.message })
  end
end

-- What the caller said, as the bot understood it; nil where it did not.
local function department_in(result)
  local slot = result.SessionState.Intent.Slots.Department
  return slot and slot.Value.InterpretedValue
end

-- The department's row of the directory: its `service` and its `number`.
local function look_up(department)
  local reply, err = aws.json {
    service = "dynamodb",
    operation = "GetItem",
    input = { TableName = config.DEPARTMENT_DIRECTORY, Key = { department_name = { S = department } } },
  }
  if reply == nil then
    log.error("no answer from the directory", { type = err.type, code = err.code, message = err.message })
    return nil
  end
  return reply.Item
end

local function bridge(call, endpoint, sip_headers)
  -- moonring: allow script-fails (a caller without a number was refused by the handler that this is a port of, too)
  return action.call_and_bridge {
    caller_id_number = call.from,
    call_timeout_seconds = 30,
    endpoints = { endpoint },
    sip_headers = sip_headers,
  }
end

local function bridge_to_connector(call, uri, department)
  local endpoint = { bridge_endpoint_type = "AWS", arn = config.VOICE_CONNECTOR_ARN, uri = uri }
  return bridge(call, endpoint, { ["X-LexInfo"] = department })
end

local function say(text)
  return action.speak { text = text, engine = "neural", language_code = "en-US", voice_id = "Joanna" }
end

return {
  new_inbound_call = function(event, call)
    open_session(call)
    return {
      say("What department would you like to be connected to?"),
      action.start_bot_conversation {
        bot_alias_arn = BOT_ALIAS_ARN,
        configuration = { session_state = { session_attributes = session_attributes(call) } },
      },
    }
  end,

  action_successful = {
    start_bot_conversation = function(event, call)
      local department = department_in(event.ActionData.IntentResult)
      if department == nil then
        return bridge_to_connector(call, OPERATOR, "unknown")
      end

      local row = look_up(department)
      if row == nil then
        -- The original throws here, and the call is lost.
        return { say(`We are sorry, we cannot connect you to {department}. Goodbye.`), action.hangup {} }
      end
      if row.service.S == "voiceConnector" then
        return bridge_to_connector(call, row.number.S, department)
      end
      return bridge(call, { bridge_endpoint_type = "PSTN", uri = row.number.S })
    end,
  },

  -- The original keeps what runs, which leaves the caller in silence; an apology and a hangup would be better.
  action_failed = function(event, call)
    log.error("an action failed", { action = event.ActionData.Type, reason = event.ActionData.ErrorType })
  end,

  -- Of two legs it is always LEG-B that is hung up, as in the original, even where LEG-B is the one that has gone and
  -- LEG-A is still there.
  hangup = function(event, call)
    local callee = call.legs["LEG-B"]
    return callee and action.hangup { call_id = callee.id }
  end,
}
