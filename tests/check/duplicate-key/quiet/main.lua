return function(call)
  call:menu { say = "For hours, press 1.", options = { ["1"] = "hours", ["2"] = "agent" } }
end
