return function(call)
  local greeting
  if call.to == "+14255550117" then
    greeting = "Hello."
  end
  call:say(greeting or "Welcome.")
end
