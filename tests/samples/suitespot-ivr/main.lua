-- A tree of menus for tests: three choices at every level, and a short voicemail at 3.3.3.
--
-- The path so far, such as "1.2", is kept in the call's attribute `tree`.

local VOICEMAIL = "3.3.3"

local function say_and_hang_up(text)
  return { action.speak { text = text }, action.hangup {} }
end

-- Where a key leads from a path; no path is the top.
local function below(path, key)
  return if path then `{path}.{key}` else `{key}`
end

local function menu(path)
  local choices = {}
  for key = 1, 3 do
    choices[key] = `Press {key} for {below(path, key)}`
  end
  return action.speak_and_get_digits {
    speech_parameters = { text = table.concat(choices, "\n") },
    failure_speech_parameters = { text = "Timeout" },
    min_number_of_digits = 1,
    max_number_of_digits = 1,
    repeat_duration_in_milliseconds = 10000,
  }
end

return {
  new_inbound_call = function(event, call)
    return menu()
  end,

  action_successful = {
    speak_and_get_digits = function(event, call)
      local key = event.ActionData.ReceivedDigits
      local path = below(call.attributes.tree, key)
      call.attributes.tree = path

      if not string.match(key, "^[123]$") then
        return action.hangup {}
      end
      if path == VOICEMAIL then
        return action.speak { text = "Start recording for 6 seconds after Bee, press any key to stop. Bee" }
      end
      return menu(path)
    end,

    -- At the voicemail a recording follows whatever was said, so that one follows the other until the caller hangs
    -- up: the key of the last one is said too. The original does the same.
    speak = function(event, call)
      if call.attributes.tree ~= VOICEMAIL then
        return action.hangup {}
      end
      return action.record_audio {
        duration_in_seconds = 6,
        recording_terminators = { "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#" },
        recording_destination = { bucket_name = config.RECORDING_BUCKET, prefix = "recordings/" },
      }
    end,

    record_audio = function(event, call)
      return action.speak { text = event.ActionData.RecordingDestination.Key }
    end,

    default = function(event, call) end,
  },

  action_failed = function(event, call)
    log.warn("an action failed", { action = event.ActionData.Type, reason = event.ActionData.ErrorType })
    return say_and_hang_up("ABC")
  end,

  -- Known, and nothing to do: they shall not reach the default.
  ringing = function(event, call) end,
  hangup = function(event, call) end,

  default = function(event, call)
    return say_and_hang_up(`Unhandled Invocation Event Type: {event.InvocationEventType}`)
  end,
}
