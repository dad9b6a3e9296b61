action.pause_call_recording {}
