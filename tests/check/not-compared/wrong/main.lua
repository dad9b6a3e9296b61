return function(call)
  if not call.to == "+14255550117" then call:say("Another number.") end
end
