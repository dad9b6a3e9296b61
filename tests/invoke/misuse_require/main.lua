return {
  new_inbound_call = function(event, call)
    local menu = require("./mneu")
  end,
}
