-- escape and tampering with shared state
-- ends as: bad_answer
local t=setmetatable({},{__gc=function(o) G=o while true do end end}) t=nil local x={} for i=1,1e6 do x={i} end return 'done'
