-- errors as weapons
-- ends as: error
local t={} for i=1,1e5 do t[i]=i end table.sort(t,function() return true end)
