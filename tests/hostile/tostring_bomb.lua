-- a text made in an error
-- ends as: error | deadline
error(setmetatable({}, { __tostring = function() return string.rep("x", 1e6) end }))
