return function(c)
  c:say('From ' .. c.form)
end
