-- memory
-- ends as: bad_answer
local t={} for i=1,7000 do t[i]=65 end return #string.char((unpack or table.unpack)(t))
