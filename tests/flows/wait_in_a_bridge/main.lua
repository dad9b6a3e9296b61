-- The end of the other leg is answered soon, and not when the whole time of the wait is over.
return function(call)
  if call:bridge { to = "+12065550101" } then
    local what = call:wait { timeout = 20 }
    call:say(`It was {what}.`)
  end
end
