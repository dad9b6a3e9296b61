return function(call)
  call:sya("Hello.")
  local number = phone.prase(call.from)
  call:say(`You call from {number}.`)
end
