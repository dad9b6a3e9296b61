local flags = 3
return function(call)
  call:say(`Hello {flags}.`)
end
