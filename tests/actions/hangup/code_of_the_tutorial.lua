action.hangup { sip_response_code = "200" }
