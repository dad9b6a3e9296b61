return function(call)
  local has_dot = string.find(call.from, ".")
  call:say(if has_dot then "A dot." else "No dot.")
end
