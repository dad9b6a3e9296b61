action.modify_chime_meeting_attendee {}
