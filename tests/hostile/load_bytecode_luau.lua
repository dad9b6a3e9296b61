-- compiler and loader
-- ends as: error
local ok,e=loadstring('\6\3\0') return tostring(ok), e
