-- memory
-- ends as: memory | deadline
local t={} for i=1,1e5 do t[i]=string.rep('x',1000) end return #table.concat(t)
