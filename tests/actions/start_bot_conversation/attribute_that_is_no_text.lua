action.start_bot_conversation { bot_alias_arn = "arn", configuration = { session_state = { session_attributes = { a = {} } } } }
