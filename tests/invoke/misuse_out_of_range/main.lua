return {
  new_inbound_call = function(event, call)
    return action.pause { duration_in_milliseconds = 0 }
  end,
}
