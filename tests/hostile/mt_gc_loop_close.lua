-- memory
-- ends as: memory | deadline
local t=setmetatable({},{__mode='k'}) for i=1,1e9 do t[{}]=i end
