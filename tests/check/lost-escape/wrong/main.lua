return function(call)
  local pin = call:ask { say = "Your PIN?", regex = "^\d{4}$" }
  call:say(if pin then "Thanks." else "Bye.")
end
