return {
  new_inbound_call = function(event, call)
    local function numbers()
      return coroutine.wrap(function()
        for number = 1, 3 do
          coroutine.yield(number)
        end
      end)
    end
    local said = {}
    for number in numbers() do
      table.insert(said, tostring(number))
    end
    local ok, message = pcall(coroutine.wrap(function() error("inside") end))
    return action.speak { text = table.concat(said, " ") .. " " .. tostring(ok) .. " " .. message }
  end,
}
