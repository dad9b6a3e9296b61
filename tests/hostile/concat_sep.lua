-- memory
-- ends as: memory | deadline
local t={} for i=1,1e4 do t[i]='x' end return #table.concat(t,string.rep('s',1e5))
