-- The other flow.
return function(call, state)
  call:ask { say = tostring(state.asked), max = 1 }
end
