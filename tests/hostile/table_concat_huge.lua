-- numbers, text and small traps
-- ends as: error
return #table.concat(setmetatable({},{__index=function() return 'x' end, __len=function() return 1e9 end}),'',1,1e8)
