action.start_bot_conversation { bot_alias_arn = "arn", configuration = { session_state = { dialog_action = { type = "Delegate" } }, welcome_messages = {} } }
