-- numbers, text and small traps
-- ends as: bad_answer
return string.packsize and pcall(string.packsize,string.rep('c2147483647',10))
