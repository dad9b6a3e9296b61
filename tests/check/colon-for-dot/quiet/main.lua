return function(call)
  local number = phone.parse(call.from)
  call:say(if number then "Thanks." else "Bye.")
end
