return function(call)
  local reply = http.gett('https://example.com')
end
