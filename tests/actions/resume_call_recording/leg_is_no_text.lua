action.resume_call_recording { call_id = 5 }
