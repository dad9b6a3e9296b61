return function(call)
  local pin = call:ask { say = "Your PIN?", min = 6, max = 4 }
  call:say(if pin then "Thanks." else "Bye.")
end
