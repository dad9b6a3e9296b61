action.resume_call_recording {}
