action.start_bot_conversation { bot_alias_arn = "arn", configuration = { welcome_messages = { { content = "Hi", content_type = "SSML" } } } }
