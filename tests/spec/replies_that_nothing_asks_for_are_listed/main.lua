return function(call)
  local reply = http.get("https://api.example.com/orders/17")
  call:say(reply and reply.body or "Nothing.")
end
