-- What the function of a step changes outside of itself is lost in another process.
return function(call)
  local names = { "Nobody" }
  call:step("names", function()
    names = { "Ann" }
    return true
  end)
  call:menu { say = "Press 1.", options = { ["1"] = true } }
  call:say(`Hello {names[1]}.`)
end
