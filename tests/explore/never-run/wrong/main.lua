-- No caller has this number.
return function(call)
  call:say("Welcome.")
  if call.to == "+15005550199" then
    call:say("You have called the old number.")
  end
end
