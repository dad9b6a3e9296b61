-- Callers join a meeting: a welcome, the meeting's PIN, then the meeting itself.
--
-- The meetings and their join tokens are in config.json under `meetings`, by PIN.

-- A prompt in the bucket that config.json names.
local function prompt(key)
  return { bucket_name = config.audio_bucket, key = key }
end

local function ask_for_pin()
  return action.play_audio_and_get_digits {
    participant_tag = "LEG-A",
    audio_source = prompt("enter-meeting-pin.wav"),
    failure_audio_source = prompt("invalid-meeting-pin.wav"),
    min_number_of_digits = 3,
    max_number_of_digits = 5,
    terminator_digits = { "#" },
    in_between_digits_duration_in_milliseconds = 5000,
    tries = 3,
    repeat_duration_in_milliseconds = 10000,
  }
end

local function say_goodbye()
  return {
    action.play_audio { audio_source = prompt("goodbye.wav") },
    action.hangup {},
  }
end

return {
  new_inbound_call = function(event, call)
    return {
      action.play_audio { call_id = call.legs["LEG-A"].id, audio_source = prompt("welcome-to-meetings.wav") },
      ask_for_pin(),
    }
  end,

  action_successful = {
    play_audio_and_get_digits = function(event, call)
      local meeting = config.meetings[event.ActionData.ReceivedDigits]
      if meeting == nil then
        log.info("no meeting has this PIN")
        return {
          action.play_audio { audio_source = prompt("invalid-meeting-pin.wav") },
          ask_for_pin(),
        }
      end
      return action.join_chime_meeting { join_token = meeting.join_token, meeting_id = meeting.meeting_id }
    end,

    -- In the meeting: nothing is left to do until somebody hangs up.
    default = function(event, call) end,
  },

  action_failed = {
    -- No valid PIN in three tries, or nobody there.
    play_audio_and_get_digits = say_goodbye,

    default = function(event, call)
      log.error("an action failed", { action = event.ActionData.Type, reason = event.ActionData.ErrorType })
      return action.hangup {}
    end,
  },

  -- The caller left: the meeting's side of the call must not stay up alone.
  hangup = function(event, call)
    local meeting = call.legs["LEG-B"]
    if meeting and meeting.status == "connected" then
      return action.hangup { call_id = meeting.id }
    end
  end,
}
