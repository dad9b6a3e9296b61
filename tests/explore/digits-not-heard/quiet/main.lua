-- The prompt names a digit, and the menu listens for it.
return function(call)
  local emergency = call:menu { say = "We are closed. For an emergency, press 1.", options = { true }, tries = 1 }
  if emergency then
    call:bridge { to = "+12065550101", timeout = 20 }
  end
end
