-- numbers, text and small traps
-- ends as: bad_answer
return pcall(math.random,0), pcall(math.random,1,2^53), pcall(math.random, 2, 1)
