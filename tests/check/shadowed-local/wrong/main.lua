return function(call)
  local greeting
  if call.to == "+14255550117" then
    local greeting = "Hello."
    log.info(greeting)
  end
  call:say(greeting or "Welcome.")
end
