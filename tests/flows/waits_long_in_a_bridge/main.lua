-- However long the wait is, the end of the other leg is answered within seconds.
return function(call)
  if call:bridge { to = "+12065550101" } then
    local began = time.now()
    local what = call:wait { timeout = 150, digits = "^[0-9]$" }
    log.info(`{what} {time.now() - began}`)
    call:say(`It was {what}.`)
  end
end
