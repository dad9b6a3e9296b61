return function(call)
  call:menu { say = 'x', option = { ['1'] = 'a' } }
end
