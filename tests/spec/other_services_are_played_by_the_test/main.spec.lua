-- Asks for the order, and hears an answer.
local function order(t, heard)
  local c = t:call()
  c:eventually("Your order number"):presses("17")
  c:hears(heard)
  c:ends("script")
  return c
end

test("replies are used in order", function(t)
  t:storage { greeting = "Good day." }
  t:reply("http:GET https://api.example.com/*", { body = { state = "packed" } })
  t:reply("http:GET https://api.example.com/*", { body = { state = "sent" } })
  local c = order(t, "Your order is packed.")
  c:has_metric("orders")
  order(t, "Your order is sent.")
  expect(#t:asked("http:GET *")):equals(2)
  expect(t:asked("http:GET *")[1].url):equals("https://api.example.com/orders/17")
  expect(t:stored("last")):equals("17")
end)

test("a function replies to what is asked", function(t)
  t:reply("http:GET *", function(request)
    return { body = { state = string.match(request.url, "%d+$") } }
  end)
  order(t, "Your order is 17.")
end)

test("a service that is too slow", function(t)
  t:reply("http:GET *", { delay = 3 })
  order(t, "We do not know right now."):logs("error", "no order")
end)

test("nothing replies", function(t)
  order(t, "Your order is packed.")
end)

test("a reply that is none", function(t)
  t:reply("http:GET *", { code = 200 })
end)

test("a function that makes a reply cannot play the call", function(t)
  t:reply("http:GET *", function()
    t:late(3)
    return { body = "" }
  end)
  order(t, "Your order is packed.")
end)
