test("a", function(t)
  t:call(
end)
