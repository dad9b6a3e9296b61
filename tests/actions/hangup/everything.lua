action.hangup { call_id = "leg", participant_tag = "LEG-B", sip_response_code = "486" }
