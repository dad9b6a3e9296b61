return function(call)
  if call.to ~= "+14255550117" then call:say("Another number.") end
end
