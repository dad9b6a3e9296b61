-- Orders: what the server may say.

local orders = require("./shop_orders")

local URL = "http:GET https://api.example.com/shop/orders/*"

test("a state is told by its word", function(t)
  t:reply(URL, { body = { state = "sent" } })
  expect(orders.state("1234")):equals("sent")
end)

test("what is not there, not known or not answered is an error", function(t)
  t:reply(URL, { status = 404 })
  t:reply(URL, { body = { state = "lost" } })
  t:reply(URL, { status = 500, body = { state = "sent" } })
  t:reply(URL, { body = "5" })
  t:reply(URL, { error = "timeout" })
  for _, wanted in { "not_found", "failed", "failed", "failed", "timeout" } do
    local state, err = orders.state("1234")
    expect(state):equals(nil)
    expect(err.type):equals(wanted)
  end
end)
