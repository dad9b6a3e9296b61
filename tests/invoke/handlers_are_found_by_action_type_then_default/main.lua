return {
  action_successful = {
    record_audio = function() return action.speak { text = "recorded" } end,
    default = function() return action.speak { text = "something else" } end,
  },
  default = function() return action.speak { text = "any event" } end,
}
