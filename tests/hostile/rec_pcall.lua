-- cpu: run away and refuse to die
-- ends as: bad_answer
local function f() pcall(f) end f() return 'done'
