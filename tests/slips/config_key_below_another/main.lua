return function(call)
  call:say('Call ' .. config.office.phon)
end
