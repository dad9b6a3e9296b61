return function(call)
  call:bridge { to = "+12065550101" }
end
