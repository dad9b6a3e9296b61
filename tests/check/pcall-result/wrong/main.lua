return function(call)
  local is_connected = pcall(function()
    return call:bridge { to = "+12065550101" }
  end)
  call:say(if is_connected then "Bye." else "Nobody answers.")
end
