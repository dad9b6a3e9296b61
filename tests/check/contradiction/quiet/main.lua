return function(call)
  local pin = call:ask { say = "Your PIN?", min = 4, max = 6 }
  call:say(if pin then "Thanks." else "Bye.")
end
