-- compiler and loader
-- ends as: error
local f,e=(loadstring or load)('type T = '..string.rep('{x:',1e5)..'number'..string.rep('}',1e5)) return tostring(f),e
