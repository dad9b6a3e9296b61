return {
  call_translated = function(event, call)
    return action.speak { text = event.Novelty }
  end,
  default = function() end,
}
