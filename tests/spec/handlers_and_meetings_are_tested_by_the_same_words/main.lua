return {
  new_inbound_call = function(event, call)
    local meeting = chime.create_meeting { token = "room" }
    local attendee = chime.create_attendee { meeting_id = meeting.meeting_id, external_user_id = call.id }
    call.attributes.language = "en"
    call.attributes.meeting, call.attributes.attendee = meeting.meeting_id, attendee.attendee_id
    return { action.join_chime_meeting { meeting_id = meeting.meeting_id, join_token = attendee.join_token } }
  end,
  action_successful = {
    join_chime_meeting = function(event, call)
      return action.modify_chime_meeting_attendees {
        operation = "Mute", meeting_id = call.attributes.meeting, call_id = call.legs["LEG-B"].id, attendee_list = { call.attributes.attendee },
      }
    end,
    default = function() end,
  },
  default = function() end,
}
