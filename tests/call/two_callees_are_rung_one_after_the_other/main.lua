-- Rings two colleagues in turn.
return function(call)
  for _, number in { "+12065550111", "+12065550112" } do
    call:say("One moment.")
    if call:bridge { to = number, timeout = 20 } then
      return
    end
  end
  call:say("Nobody is there. Goodbye.")
end
