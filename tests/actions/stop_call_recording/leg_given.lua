action.stop_call_recording { call_id = "leg" }
