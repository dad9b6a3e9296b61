action.pause_call_recording { participant_tag = "LEG-A" }
