-- cpu inside one native call
-- ends as: bad_answer
return os.date(string.rep('%c',1e5)) and 1
