return function(call)
  local digits, problem = call:ask { say = 'x', tries = 1, timeout = 1 }
  call:say('Sorry: ' .. problem.typ)
end
