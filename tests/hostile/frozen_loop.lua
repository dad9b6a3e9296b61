-- a stop that is caught in a generator
-- ends as: deadline
for _ in coroutine.wrap(function() while true do pcall(coroutine.yield, 1) end end) do pcall(function() while true do end end) end
