-- the same for files
-- ends as: error
return require("./" .. string.rep("x", 4e6))
