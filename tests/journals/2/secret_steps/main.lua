-- What is made of a secret says nothing of it: neither the numbers of later steps nor the state of another flow.
return function(call)
  local pin = call:ask { say = "Your PIN.", min = 4, max = 4, secret = true }
  call:step("check", function() return aws.json { service = "dynamodb", operation = "Get", input = { pin = pin } } ~= nil end)
  local choice = call:menu { say = "1 or 2?", options = { "again", "over" } }
  if choice == "again" then
    call:become("other", { asked = true })
  end
  call:become("other", { pin = pin })
end
