action.call_and_bridge { caller_id_number = "+12065550100", endpoints = { { bridge_endpoint_type = "AWS", uri = "600300" } } }
