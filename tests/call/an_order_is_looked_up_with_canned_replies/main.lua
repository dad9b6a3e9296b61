-- The state of an order, asked over HTTP.
return function(call)
  for _ = 1, 2 do
    local order = call:ask { say = "Which order?", max = 6 }
    local reply, err = http.get(`https://api.example.com/orders/{order}`)
    call:say(if reply then `Your order is {reply.json.state}.` else `Sorry, {err.type}.`)
  end
end
