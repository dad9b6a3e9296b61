return function(call)
  call:say("Hello.")
  local number = phone.parse(call.from)
  if number then call:say(`You call from {number.country}.`) end
end
