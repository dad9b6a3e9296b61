-- cpu inside one native call
-- ends as: bad_answer
return #string.rep('',1e10)
