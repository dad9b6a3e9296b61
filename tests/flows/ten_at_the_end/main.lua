-- Ten actions are a whole list: the hang-up comes behind it.
return function(call)
  for number = 1, 10 do
    call:say(`{number}.`)
  end
end
