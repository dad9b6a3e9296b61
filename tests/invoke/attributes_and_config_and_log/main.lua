return {
  new_inbound_call = function(event, call)
    log.warn("a warning", { of = config.what.name, list = { 1, 2 } })
    log.debug("not shown")
    print("printed", 5)
    call.attributes.name = config.what.name
    call.attributes.count = 3
    return action.hangup {}
  end,
}
