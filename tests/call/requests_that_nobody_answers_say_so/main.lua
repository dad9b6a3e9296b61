-- Asks a server that is not there.
return function(call)
  local reply, err = http.get("https://api.example.com/orders/17")
  call:say(if reply then reply.body else "We cannot look that up now.")
end
