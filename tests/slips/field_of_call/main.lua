return function(call)
  call:say('You call from ' .. call.form)
end
