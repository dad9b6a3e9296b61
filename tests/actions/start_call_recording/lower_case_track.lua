action.start_call_recording { track = "both", destination = { location = "recordings" } }
