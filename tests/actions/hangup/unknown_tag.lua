action.hangup { participant_tag = "LEG-C" }
