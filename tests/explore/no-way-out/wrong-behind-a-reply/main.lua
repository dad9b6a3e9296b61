-- Whatever the service replies, who presses nothing is asked for ever.
return function(call)
  http.get("https://example.com/open")
  local choice
  repeat
    choice = call:menu { say = "For sales, press 1.", options = { "sales" }, tries = 1 }
  until choice
  call:say("Thank you.")
end
