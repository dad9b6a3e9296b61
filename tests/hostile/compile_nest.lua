-- compiler and loader
-- ends as: error
local f,e=(loadstring or load)('return '..string.rep('(',1e5)..'1'..string.rep(')',1e5)) return tostring(f),e
