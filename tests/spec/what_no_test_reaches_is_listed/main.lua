local hours = require("./hours")

local function sorry(call)
  call:say("Sorry.")
end

return function(call)
  local choice = call:menu { say = "Press 1, 2 or star.", options = { ["1"] = "one", ["2"] = "two", ["*"] = "star" } }
  if choice == "one" then
    call:say("One.")
  elseif choice == "two" then
    call:say("Two.")
  end
  if not choice then
    sorry(call)
  end
  call:say(hours())
end
