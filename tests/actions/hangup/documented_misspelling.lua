action.hangup { sip_status_code = "0" }
