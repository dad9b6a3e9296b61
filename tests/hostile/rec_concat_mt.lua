-- cpu: run away and refuse to die
-- ends as: error
local t=setmetatable({},{__concat=function(a,b) return a..b end}) return t..t
