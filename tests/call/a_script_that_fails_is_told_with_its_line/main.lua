-- Fails.
return {
  new_inbound_call = function(event, call)
    return action.speak { txt = "Hello" }  -- moonring: allow wrong-value (the test wants the refusal)
  end,
}
