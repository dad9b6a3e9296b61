action.start_bot_conversation { bot_alias_arn = "arn:aws:lex:us-east-1:111122223333:bot-alias/A/B" }
