-- numbers, text and small traps
-- ends as: bad_answer
return pcall(select,-1), pcall(select,-2^31)
