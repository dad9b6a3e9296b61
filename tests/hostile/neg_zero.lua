-- numbers, text and small traps
-- ends as: bad_answer
local t={} t[-0.0]=1 return t[0]
