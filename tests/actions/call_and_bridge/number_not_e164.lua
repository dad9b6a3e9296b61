action.call_and_bridge { caller_id_number = "206-555-0100", endpoints = { { bridge_endpoint_type = "PSTN", uri = "+12065550101" } } }
