-- escape and tampering with shared state
-- ends as: bad_answer
for i=1,1000 do setmetatable({},{__gc=function() error('gc') end}) end local x for i=1,1e6 do x={i} end return 'done'
