-- cpu: run away and refuse to die
-- ends as: deadline
coroutine.wrap(function() while true do end end)()
