return function(call)
  call:menu { say = "One?", options = { [1.5] = "sales", [2] = "support" } }
end
