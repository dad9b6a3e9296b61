-- compiler and loader
-- ends as: error
local f,e=(loadstring or load)('local x '..string.rep('if x then elseif x then ',3e4)..string.rep(' end',3e4)) return tostring(f),e
