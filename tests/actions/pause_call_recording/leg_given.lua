action.pause_call_recording { call_id = "leg" }
