-- A conference: callers with a PIN of the same room meet; a moderator mutes everybody else with 1, and lets them speak with 2.

-- Everybody in the meeting but this caller.
local function others(meeting, own)
  local list, err = chime.list_attendees { meeting_id = meeting.meeting_id }
  local ids = {}
  for _, attendee in if list then list.attendees else {} do
    if attendee.attendee_id ~= own.attendee_id then
      ids[#ids + 1] = attendee.attendee_id
    end
  end
  if err then
    log.warn("the attendees are not known", { reason = err.type })
  end
  return ids
end

local function moderate(call: Call, meeting, own)
  while true do
    local what, key = call:wait { digits = "^[12]$" }
    if what == "left" or not what then
      return
    elseif what == "digits" then
      -- In a step: the list may be long, and only its ids are needed.
      local ids = call:step("others", function() return others(meeting, own) end)
      if #ids > 0 then
        local is_done, err = if key == "1" then call:mute(ids) else call:unmute(ids)
        log.info("moderated", { key = key, people = #ids, reason = err and err.type, done = is_done })
      end
    end
  end
end

return function(call: Call)
  local room = call:menu { say = "Please enter your PIN.", invalid = "Sorry, that PIN is not valid.", options = config.conference.rooms, timeout = 8 }
  if not room then
    call:say("Goodbye.")
    return
  end
  -- Who gives the same token has the same meeting.
  local meeting, err = chime.create_meeting { token = room.name }
  local attendee
  if meeting then
    attendee, err = chime.create_attendee { meeting_id = meeting.meeting_id, external_user_id = call.id }
  end
  local leg
  if attendee then
    -- A caller who leaves is not an attendee any more.
    call:on_hangup(function()
      chime.delete_attendee { meeting_id = meeting.meeting_id, attendee_id = attendee.attendee_id }
    end)
    call:say(if room.moderates then "You are the moderator. Press 1 to mute everyone else, and 2 to unmute them." else "Connecting your call.")
    leg, err = call:join_meeting(attendee)
  end
  if not leg then
    log.error("no conference", { reason = err.type })
    call:say("We are sorry, the conference is not available. Please call again later.")
  elseif room.moderates then
    moderate(call, meeting, attendee)
  end
end
