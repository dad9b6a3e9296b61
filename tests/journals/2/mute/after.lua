-- The meeting goes on, in another flow.
return function(call, state)
  print(state.from, call:mute())
  call.legs["LEG-B"]:hangup()
  call:say("You have left.")
end
