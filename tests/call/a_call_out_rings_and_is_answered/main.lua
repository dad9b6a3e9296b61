-- Says which room it is calling about.
return {
  call_answered = function(event, call)
    return {
      action.speak { text = "This is about the room " .. call.arguments.room .. "." },
      action.pause { duration_in_milliseconds = 10000 },
    }
  end,
  default = function() end,
}
