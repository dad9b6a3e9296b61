-- cpu: run away and refuse to die
-- ends as: error
local f=(loadstring or load)('::a:: goto a') return f and f()
