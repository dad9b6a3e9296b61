return {
  new_inbound_call = function()
    return {
      action.speak { text = "Line 0." },
      action.speak { text = "Line 1." },
      action.speak { text = "Line 2." },
      action.speak { text = "Line 3." },
      action.speak { text = "Line 4." },
      action.speak { text = "Line 5." },
      action.speak { text = "Line 6." },
      action.speak { text = "Line 7." },
      action.speak { text = "Line 8." },
      action.speak { text = "Line 9." },
    }
  end,
  default = function() end,
}
