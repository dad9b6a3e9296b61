action.start_call_recording { track = "BOTH", destination = { location = "recordings/2024" } }
