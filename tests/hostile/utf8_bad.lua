-- numbers, text and small traps
-- ends as: bad_answer
return utf8 and pcall(utf8.len,string.rep('\xff',1e6))
