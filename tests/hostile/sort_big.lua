-- cpu inside one native call
-- ends as: deadline
local t={} for i=1,4e5 do t[i]=(i*7919)%1000003 end for i=1,1e3 do table.sort(t) table.sort(t,function(a,b) return a>b end) end
