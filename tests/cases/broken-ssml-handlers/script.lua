return {
  new_inbound_call = function()
    return { action.speak { text = "<speak>AT&T welcomes you</speak>", text_type = "ssml" } }
  end,
  action_failed = function(event)
    return { action.speak { text = event.ActionData.ErrorMessage }, action.hangup {} }
  end,
  default = function() end,
}
