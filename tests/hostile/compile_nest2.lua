-- compiler and loader
-- ends as: error
local f,e=(loadstring or load)(string.rep('do ',1e5)..string.rep(' end',1e5)) return tostring(f),e
