-- Asks a bot which department is wanted.
return {
  new_inbound_call = function()
    return action.start_bot_conversation { bot_alias_arn = "arn:aws:lex:us-east-1:111122223333:bot-alias/A/B" }
  end,
  action_successful = {
    start_bot_conversation = function(event)
      local slots = event.ActionData.IntentResult.SessionState.Intent.Slots
      return { action.speak { text = "You want the " .. slots.Department.Value.InterpretedValue .. "." }, action.hangup {} }
    end,
  },
  default = function() end,
}
