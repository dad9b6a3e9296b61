-- errors as weapons
-- ends as: error
local t={3,2,1} return coroutine.wrap(function() table.sort(t,function(a,b) coroutine.yield() return a<b end) end)()
