-- memory
-- ends as: memory | deadline
local n=0 while true do local ok=pcall(function() local t={} for i=1,1e9 do t[i]={} end end) n=n+1 end
