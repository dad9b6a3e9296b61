-- errors as weapons
-- ends as: deadline
error(setmetatable({},{__tostring=function() while true do end end}))
