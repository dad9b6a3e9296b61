return function(call)
  while true do
    local x = 1
  end
end
