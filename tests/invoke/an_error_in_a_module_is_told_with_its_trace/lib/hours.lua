local hours = {}

function hours.greet(call)
  local name = nil
  return action.speak { text = "Hello " .. name }
end

return hours
