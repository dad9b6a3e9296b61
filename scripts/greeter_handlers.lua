-- A greeter as handlers: one function for each kind of event.
return {
  new_inbound_call = function(event, call)
    return {
      action.speak {
        text = "Hello! This is a test call from Amazon Chime SDK PSTN Audio.",
        engine = "neural",
        voice_id = "Joanna",
      },
      action.hangup { sip_response_code = "0" },
    }
  end,

  -- Whatever fails, nobody is left on a silent line.
  action_failed = function(event, call)
    log.error("an action failed", { action = event.ActionData.Type, reason = event.ActionData.ErrorType })
    return action.hangup {}
  end,
}
