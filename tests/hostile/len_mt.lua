-- numbers, text and small traps
-- ends as: bad_answer
return #setmetatable({},{__len=function() return #setmetatable({},getmetatable(1) or {}) end})
