-- A conference, event by event: what conference.lua does from top to bottom, but for the moderator.

local function ask()
  return action.speak_and_get_digits {
    speech_parameters = { text = "Please enter your PIN." },
    failure_speech_parameters = { text = "Sorry, that PIN is not valid." },
    input_digits_regex = "^[0-9]{4}$", min_number_of_digits = 4, max_number_of_digits = 4, terminator_digits = { "#" },
    tries = 3, repeat_duration_in_milliseconds = 8000,
  }
end

local function apologise(text)
  return { action.speak { text = text }, action.hangup {} }
end

return {
  new_inbound_call = ask,

  action_successful = {
    speak_and_get_digits = function(event, call)
      local room = config.conference.rooms[event.ActionData.ReceivedDigits]
      if not room then
        return apologise("Sorry, that PIN is not valid. Goodbye.")
      end
      local meeting, err = chime.create_meeting { token = room.name }
      local attendee
      if meeting then
        attendee, err = chime.create_attendee { meeting_id = meeting.meeting_id, external_user_id = call.id }
      end
      if not attendee then
        log.error("no conference", { reason = err.type })
        return apologise("We are sorry, the conference is not available. Please call again later.")
      end
      call.attributes.meeting, call.attributes.attendee = meeting.meeting_id, attendee.attendee_id
      return {
        action.speak { text = "Connecting your call." },
        action.join_chime_meeting { meeting_id = meeting.meeting_id, join_token = attendee.join_token },
      }
    end,
    default = function() end,
  },

  action_failed = function()
    return apologise("We are sorry, the conference is not available. Please call again later.")
  end,

  -- A caller who leaves is not an attendee any more, and the other leg ends too.
  hangup = function(event, call)
    if call.attributes.attendee then
      chime.delete_attendee { meeting_id = call.attributes.meeting, attendee_id = call.attributes.attendee }
      call.attributes = {}
    end
    for _, leg in call.legs do
      if leg.status == "connected" then
        return action.hangup { call_id = leg.id }
      end
    end
  end,
}
