action.hangup {}
