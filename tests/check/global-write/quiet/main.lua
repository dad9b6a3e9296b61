return function(call)
  local attempts = 1
  call:say(`Attempt {attempts}.`)
end
