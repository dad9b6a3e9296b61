-- cpu: run away and refuse to die
-- ends as: error
local t=setmetatable({},{}) getmetatable(t).__tostring=function(s) return tostring(s) end return tostring(t)
