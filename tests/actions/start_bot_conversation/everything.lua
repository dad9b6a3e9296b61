action.start_bot_conversation {
  call_id = "leg", participant_tag = "LEG-A", bot_alias_arn = "arn", locale_id = "en_US",
  configuration = {
    session_state = {
      session_attributes = { ["x-amz-lex:start-timeout-ms:*:*"] = 5000, CallerName = "Ann" }, dialog_action = { type = "ElicitIntent" },
    },
    welcome_messages = { { content = "Hello", content_type = "PlainText" }, { content_type = "SSML" } },
  },
}
