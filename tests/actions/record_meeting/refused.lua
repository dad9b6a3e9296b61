action.record_meeting {}
