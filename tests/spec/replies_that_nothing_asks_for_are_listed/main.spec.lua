test("the longest pattern counts", function(t)
  t:reply("http:GET https://api.example.com/orders/17", "Seventeen.")
  t:reply("http:*", "All.")
  t:call():hears("Seventeen."):ends()
end)

test("a function that never ends is stopped", function(t)
  t:reply("http:*", function()
    while true do
    end
  end)
  t:call():hears("Nothing.")
end)

test("a function that returns nothing is told", function(t)
  t:reply("http:*", function() end)
  t:call():hears("Nothing.")
end)
