-- memory
-- ends as: bad_answer
return debug and #debug.traceback(string.rep('x',1e6), 1e9)
