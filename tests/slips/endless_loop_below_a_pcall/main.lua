return function(call)
  pcall(function()
    while true do end
  end)
end
