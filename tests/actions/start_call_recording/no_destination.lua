action.start_call_recording { track = "BOTH" }
