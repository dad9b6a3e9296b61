return {
  new_inbound_call = function(event, call)
    call.attributes.language = "en"
    return { action.join_chime_meeting { meeting_id = "5e2d7a4c-7b1f-4d0e-9c3a-2f6b8d1e0a77", join_token = "token" } }
  end,
  action_successful = {
    join_chime_meeting = function(event, call)
      return action.modify_chime_meeting_attendees {
        operation = "Mute", meeting_id = "5e2d7a4c-7b1f-4d0e-9c3a-2f6b8d1e0a77", call_id = call.legs["LEG-B"].id, attendee_list = { "5e2d7a4c-7b1f-4d0e-9c3a-2f6b8d1e0a78" },
      }
    end,
    default = function() end,
  },
  default = function() end,
}
