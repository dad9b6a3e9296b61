-- escape and tampering with shared state
-- ends as: error
return setmetatable({},{__index=function() return coroutine.yield(1) end}).x
