return function(call)
  local leg = call:bridge { to = '+12065550101' }
  leg:hangpu()
end
