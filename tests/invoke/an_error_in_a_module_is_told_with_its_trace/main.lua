local hours = require("./lib/hours")

return {
  new_inbound_call = function(event, call)
    return hours.greet(call)
  end,
}
