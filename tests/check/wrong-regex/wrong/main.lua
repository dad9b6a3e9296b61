return function(call)
  local floor = call:ask { say = "Which floor?", min = 1, max = 2, regex = "^[0-9]{3}$" }
  call:say(if floor then "Thanks." else "Bye.")
end
