return function(call)
  call:step("x", function() return string.rep("x", 600) end)
end
