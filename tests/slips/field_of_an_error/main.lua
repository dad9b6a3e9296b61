return function(call)
  local reply, err = http.get('https://example.com')
  call:say('Sorry: ' .. err.mesage)
end
