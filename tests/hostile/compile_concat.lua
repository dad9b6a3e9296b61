-- compiler and loader
-- ends as: error
local f,e=(loadstring or load)('return '..string.rep('a..',1e5)..'a') return tostring(f),e
