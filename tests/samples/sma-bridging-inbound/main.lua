-- Account line: callers whom the table knows choose sales or support; the others key their account id first.
--
-- The row of a number has the account id and, once chosen, the extension, which the application that the call is
-- bridged to reads. Whether there is a row also says which question the caller has just answered.

local EXTENSIONS = {
  sales = { number = config.SALES_PHONE_NUMBER, announcement = "transfer-to-sales.wav" },
  support = { number = config.SUPPORT_PHONE_NUMBER, announcement = "transfer-to-support.wav" },
}

local function prompt(key)
  return { bucket_name = config.WAVFILE_BUCKET, key = key }
end

-- One request to the table. Where it fails, so does the event: the host apologises to the caller and hangs up.
local function request(operation, input)
  input.TableName = config.CALLINFO_TABLE_NAME
  local reply, err = aws.json { service = "dynamodb", operation = operation, input = input }
  if reply == nil then
    -- moonring: allow script-fails (so did the handler that this is a port of: it failed where its table did)
    error(`{operation} failed: {err.message}`)
  end
  return reply
end

local function key_of(call)
  return { phoneNumber = { S = call.from } }
end

local function ask(key, digits)
  return action.play_audio_and_get_digits {
    audio_source = prompt(key),
    failure_audio_source = prompt("failure.wav"),
    min_number_of_digits = digits,
    max_number_of_digits = digits,
    terminator_digits = { "#" },
    tries = 3,
    in_between_digits_duration_in_milliseconds = 1000,
    repeat_duration_in_milliseconds = 5000,
  }
end

local function ask_for_account()
  return ask("greeting.wav", 5)
end

local function ask_for_extension()
  return ask("prompt.wav", 1)
end

return {
  new_inbound_call = function(event, call)
    local row = request("GetItem", { Key = key_of(call) }).Item
    if row == nil then
      return ask_for_account()
    end
    return {
      -- By hand: ssml.digits of @std/ssml has the other kind of quotes, and the text shall be that of the original.
      action.speak {
        text = `<speak>Your account ID is <say-as interpret-as='digits'>{row.accountId.S}</say-as>.</speak>`,
        text_type = "ssml",
        engine = "neural",
        language_code = "en-US",
        voice_id = "Joanna",
      },
      ask_for_extension(),
    }
  end,

  action_successful = {
    play_audio_and_get_digits = function(event, call)
      local digits = event.ActionData.ReceivedDigits

      if request("GetItem", { Key = key_of(call) }).Item == nil then
        request("PutItem", {
          Item = { phoneNumber = { S = call.from }, accountId = { S = digits }, id = { S = call.id } },
        })
        return ask_for_extension()
      end

      local name = if digits == "1" then "sales" else "support"
      request("UpdateItem", {
        Key = key_of(call),
        UpdateExpression = "set extension = :e",
        ExpressionAttributeValues = { [":e"] = { S = name } },
      })
      local extension = EXTENSIONS[name]
      return {
        action.play_audio { audio_source = prompt(extension.announcement) },
        action.call_and_bridge {
          caller_id_number = call.from,
          call_timeout_seconds = 20,
          endpoints = { { bridge_endpoint_type = "PSTN", uri = extension.number } },
        },
      }
    end,
  },

  -- No valid keys, or nobody answered. The original says nothing here either.
  action_failed = function(event, call)
    log.warn("an action failed", { action = event.ActionData.Type, reason = event.ActionData.ErrorType })
    return action.hangup {}
  end,

  -- Whoever is still there when the other has gone is hung up too.
  hangup = function(event, call)
    for _, leg in call.legs do
      if leg.status == "connected" then
        return action.hangup { call_id = leg.id }
      end
    end
  end,
}
