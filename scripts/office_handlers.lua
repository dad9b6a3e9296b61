-- The office of office.lua, event by event: the menu and the connection. Where the caller is, is kept in attributes.

local office = config.office

local menus = {
  main = { say = "For sales, press 1. For support, press 2.", ["1"] = "sales", ["2"] = "support" },
  sales = { say = "For a new order, press 1. For an existing order, press 2.", ["1"] = "orders", ["2"] = "accounts" },
  support = { say = "For phones, press 1. For computers, press 2.", ["1"] = "telephones", ["2"] = "computers" },
  computers = { say = "For hardware, press 1. For software, press 2.", ["1"] = "hardware", ["2"] = "software" },
}

local function is_open()
  local now, err = time.at(office.zone)
  if not now then
    log.error("the office has no hours; it counts as open", { reason = tostring(err) })
    return true
  end
  return now.weekday <= 5 and now.hour >= office.opens and now.hour < office.closes
end

local function ask(call: Call, at)
  call.attributes.at = at
  local text = { text = menus[at].say }
  return action.speak_and_get_digits {
    speech_parameters = text, failure_speech_parameters = text,
    min_number_of_digits = 1, max_number_of_digits = 1, tries = 3, repeat_duration_in_milliseconds = 5000,
  }
end

local function say(text)
  return action.speak { text = text }
end

local function record(call: Call, whom)
  call.attributes.at = whom
  return {
    say(`Please leave a message for {whom} after the tone, and press pound.`),
    action.record_audio {
      duration_in_seconds = 120, silence_duration_in_seconds = 5, recording_terminators = { "#" },
      recording_destination = { bucket_name = office.recordings, prefix = "voicemail/" },
    },
  }
end

return {
  new_inbound_call = function(event, call)
    if is_open() then
      return { say("Welcome to the office."), ask(call, "main") }
    end
    local list = record(call, "everybody")
    table.insert(list, 1, say("We are closed."))
    table.insert(list, 1, say("Welcome to the office."))
    return list
  end,

  action_successful = {
    speak_and_get_digits = function(event, call)
      local choice = menus[call.attributes.at][event.ActionData.ReceivedDigits]
      if choice == nil then
        return { say("Sorry, that is not an option."), ask(call, call.attributes.at) }
      elseif menus[choice] then
        return ask(call, choice)
      end
      call.attributes.at = choice
      return {
        say("One moment, please."),
        action.call_and_bridge {
          caller_id_number = if phone.parse(call.from) then call.from else call.to, call_timeout_seconds = 20,
          endpoints = { { bridge_endpoint_type = "PSTN", uri = office.numbers[choice] } },
        },
      }
    end,
    record_audio = function(event, call)
      log.info("a message", { whom = call.attributes.at, key = event.ActionData.RecordingDestination.Key })
      return { say("Thank you. Goodbye."), action.hangup {} }
    end,
    default = function(event, call) end,
  },

  action_failed = {
    speak_and_get_digits = function(event, call)
      return { say("Please call again."), action.hangup {} }
    end,
    call_and_bridge = function(event, call)
      local list = record(call, call.attributes.at)
      table.insert(list, 1, say("There is no answer."))
      return list
    end,
    default = function(event, call)
      return action.hangup {}
    end,
  },

  hangup = function(event, call)
    for _, leg in call.legs do
      if leg.status == "connected" then
        return action.hangup { call_id = leg.id }
      end
    end
  end,
}
