return {
  new_inbound_call = function(event, call)
    local ssml = require("@std/ssml")
    return action.speak { text = ssml.speak("R&D: ", ssml.digits("1234"), ssml.pause(0.5), "<bye>"), text_type = "ssml" }
  end,
}
