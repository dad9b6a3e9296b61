return {
  new_inbound_call = function(event, call)
    local a = call.legs["LEG-A"]
    return action.speak {
      text = json.encode({
        call.id, call.from, call.to, call.direction, call.region, call.account, call.application_id, call.rule_id, call.started_at,
        a.id, a.tag, a.from, a.to, a.direction, call.sip_headers["x-account-id"], call.sip_headers["USER-TO-USER"], #call.release,
        call.sip_headers["x-none"] == nil, next(call.arguments) == nil, next(call.attributes) == nil, call.legs["LEG-B"] == nil,
      }),
    }
  end,
}
