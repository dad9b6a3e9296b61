return function(call)
  for _, number in { "+12065550101", "+12065550102" } do
    if call:bridge { to = number, timeout = 10 } then
      return
    end
  end
  call:say("Nobody is there.")
end
