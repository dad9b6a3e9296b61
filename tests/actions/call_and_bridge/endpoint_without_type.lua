action.call_and_bridge { caller_id_number = "+12065550100", endpoints = { { uri = "+12065550101" } } }
