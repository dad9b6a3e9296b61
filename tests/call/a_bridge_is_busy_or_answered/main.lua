-- Connects whoever calls, and apologises where nobody answers.
return {
  new_inbound_call = function(event, call)
    return {
      action.speak { text = "One moment, please." },
      action.call_and_bridge { caller_id_number = call.to, endpoints = { { bridge_endpoint_type = "PSTN", uri = "+12065550101" } } },
    }
  end,
  action_failed = function()
    return { action.speak { text = "<speak>Nobody is there.<break time='500ms'/> Goodbye.</speak>", text_type = "ssml" }, action.hangup {} }
  end,
  default = function() end,
}
