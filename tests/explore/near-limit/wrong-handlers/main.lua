-- Nine actions, a prompt and an attribute that hardly fit.
local long = string.rep("We are open. ", 76)
return {
  new_inbound_call = function(_event, call)
    call.attributes.about = string.rep("x", 1000)
    local actions = {}
    for number = 1, 8 do
      table.insert(actions, action.pause { duration_in_milliseconds = 1000 })
    end
    table.insert(actions, action.speak { text = long })
    return actions
  end,
  action_successful = function()
    return { action.speak { text = "Goodbye." }, action.hangup {} }
  end,
  action_failed = function()
    return { action.speak { text = "Sorry." }, action.hangup {} }
  end,
  default = function() end,
}
