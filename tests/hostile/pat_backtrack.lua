-- cpu inside one native call
-- ends as: deadline
return string.find(string.rep('a',100), string.rep('a?',100)..string.rep('a',100))
