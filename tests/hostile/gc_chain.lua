-- escape and tampering with shared state
-- ends as: bad_answer
local function mk() setmetatable({},{__gc=function() mk() end}) end local function mk2() return setmetatable({},{__gc=function(o) mk2() end}) end mk2() return 'done'
