return function(call)
  call:menu { say = "One?", options = { "sales", "support" } }
end
