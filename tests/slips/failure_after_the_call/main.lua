return function(call)
  call:on_hangup(function()
    log.info('x' .. nil)
  end)
  call:say('x')
end
