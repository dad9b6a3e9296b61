return function(call)
  local greeting = storage.get("greeting")
  call:say(greeting or "Welcome.")
  local number = call:ask { say = "Your order number, please.", min = 2, max = 2 }
  local reply, err = http.get("https://api.example.com/orders/" .. number, { timeout = 2 })
  if not reply then
    log.error("no order", { reason = err.type })
    call:say("We do not know right now.")
    return
  end
  metric.count("orders")
  call:say(`Your order is {json.decode(reply.body).state}.`)
  storage.put("last", number)
end
