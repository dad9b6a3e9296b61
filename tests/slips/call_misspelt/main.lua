return function(call)
  cal:say('x')
end
