-- cpu inside one native call
-- ends as: answered | deadline
return string.find(string.rep('a',4e6), string.rep('a',2e6)..'b')
