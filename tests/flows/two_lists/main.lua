-- Ten actions are queued before a method that waits: they go alone, and its own follow.
return function(call)
  for number = 1, 9 do
    call:say(`Item {number}.`)
  end
  call:pause(1)
  local choice = call:menu { say = "Which one? Press a digit.", options = { "one", "two" }, tries = 1 }
  for number = 1, 10 do
    call:say(`Word {number}.`)
  end
  local what = call:wait { say = "One moment.", timeout = 6 }
  log.info(`{choice} {what}`)
  for number = 1, 10 do
    call:say(`End {number}.`)
  end
  call:hangup()
end
