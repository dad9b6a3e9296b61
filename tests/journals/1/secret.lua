-- What is typed in confidence: the script knows it, and nobody else does.
return function(call)
  local pin = call:ask { say = "Your PIN.", min = 4, max = 4, secret = true }
  call:say("Thank you.")
  local again = call:ask { say = "Once more.", min = 4, max = 4, secret = true }
  call:say(if pin == again then "They are the same." else "They differ.")
  call:say(`{#(pin or "")} digits.`)
end
