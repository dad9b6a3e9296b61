return function(call)
  call:bridge { to = "+12065550101", timeout = 20 }
end
