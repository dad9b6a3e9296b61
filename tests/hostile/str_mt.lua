-- escape and tampering with shared state
-- ends as: error
getmetatable('').__index=function() return 1 end return ('x').foo
