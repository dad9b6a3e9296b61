-- cpu inside one native call
-- ends as: deadline
local t=table.create and table.create(1e6,0) for i=1,1e9 do table.remove(t or {},1) end
