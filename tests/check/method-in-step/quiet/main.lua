return function(call)
  call:step(function()
    return http.get("https://example.com") ~= nil
  end)
  call:say("Hello.")
end
