describe("a group", function() end)
