-- memory
-- ends as: memory | deadline
local fs={} for i=1,1e9 do local x=i fs[i]=function() return x end end
