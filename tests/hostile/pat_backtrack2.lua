-- cpu inside one native call
-- ends as: deadline
return string.find(string.rep('a',30000), '.-.-.-.-b')
