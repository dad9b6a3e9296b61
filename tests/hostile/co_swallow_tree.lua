-- cpu: run away and refuse to die
-- ends as: deadline
local function spawn() return coroutine.create(function() while true do pcall(function() while true do end end) end end) end while true do local c=spawn() coroutine.resume(c) end
