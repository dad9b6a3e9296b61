-- What the shop's own server knows of orders.

local orders = {}

-- What it says, and the sentence for it.
local STATES = { sent = "sent", packed = "packed", cancelled = "cancelled" }

-- The state of an order: `sent`, `packed` or `cancelled`; or nil and an error, whose type is `not_found` where there is no such
-- order.
function orders.state(number: string)
  local reply, err = http.get(`{config.shop.api}/orders/{number}`, { timeout = 2 })
  if not reply then
    log.warn("the server does not answer", { reason = err.type })
    return nil, err
  end
  if reply.status == 404 then
    return nil, { type = "not_found", message = "there is no such order" }
  end
  local body = reply.json
  local state = if reply.status == 200 and type(body) == "table" then STATES[body.state] else nil
  if not state then
    log.warn("the server says something else", { status = reply.status })
    return nil, { type = "failed", message = "the state is not known" }
  end
  return state
end

return orders
