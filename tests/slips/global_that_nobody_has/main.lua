return function(call)
  call:say(greeting)
end
