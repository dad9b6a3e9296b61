action.start_bot_conversation {}
