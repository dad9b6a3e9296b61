return {
  new_inbound_call = function(event, call)
    local value, err = json.decode("{oops")
    local list = json.decode('{"a": [], "b": [1, null, 2], "c": {}}')
    return action.speak { text = `{tostring(value)} {err.type} {tostring(err)} {json.encode(list.a)} {#list.b}` }
  end,
}
