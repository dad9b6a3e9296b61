return function(call)
  local phone_number = call.from
  phone.prase(phone_number)
end
