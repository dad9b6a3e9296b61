-- cpu inside one native call
-- ends as: deadline
return string.match(string.rep('a',1e6), '(.-)*b')
