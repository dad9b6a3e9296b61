return function(call)
  local attempts = 0
  while attempts < 3 do
    local pin = call:ask { say = "Your PIN?", min = 4, max = 4 }
    if pin == config.pin then return end
  end
  call:say("Goodbye.")
end
