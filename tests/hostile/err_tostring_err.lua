-- errors as weapons
-- ends as: error
error(setmetatable({},{__tostring=function() error('x') end}))
