return function(call)
  call:step("x", function() return call:ask { say = "?" } end)
end
