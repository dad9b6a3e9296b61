-- cpu: run away and refuse to die
-- ends as: deadline
local function f() pcall(f) pcall(f) end f() return 'done'
