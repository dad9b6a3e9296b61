-- Whatever the service replies, how often the caller chose is kept outside of the flow.
local counter = require("./counter")

return function(call)
  http.get("https://example.com/open")
  call:menu { say = "Red is 1, blue is 2.", options = { "red", "blue" } }
  call:step("count", function()
    counter.add()
    return true
  end)
  call:menu { say = "Press 1 to go on.", options = { "on" } }
  call:say(`You chose {counter.count()} times.`)
end
