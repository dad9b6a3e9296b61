action.resume_call_recording { call_id = "leg" }
