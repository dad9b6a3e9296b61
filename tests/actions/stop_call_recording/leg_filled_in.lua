action.stop_call_recording {}
