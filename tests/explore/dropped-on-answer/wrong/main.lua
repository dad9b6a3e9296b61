-- The function ends as soon as the colleague answers.
return {
  new_inbound_call = function(_, call)
    return {
      action.speak { text = "One moment." },
      action.call_and_bridge {
        caller_id_number = call.to, call_timeout_seconds = 20,
        endpoints = { { bridge_endpoint_type = "PSTN", uri = "+12065550101" } },
      },
    }
  end,
  hangup = function() return action.hangup {} end,
  default = function() end,
  action_successful = function() return action.hangup {} end,
  action_failed = function() return { action.speak { text = "Sorry." }, action.hangup {} } end,
}
