return function(call)
  local number = phone.prase('+12065550101')
end
