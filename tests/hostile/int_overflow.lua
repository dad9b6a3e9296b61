-- numbers, text and small traps
-- ends as: bad_answer
return 2^63, math.floor(2^53)+1, tostring(1e308*10), tostring(-(0/0))
