-- cpu: run away and refuse to die
-- ends as: error
local function f() return coroutine.wrap(f)() end f()
