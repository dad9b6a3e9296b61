-- cpu inside one native call
-- ends as: answered
return string.find(string.rep('a',4e5), string.rep('a',2e5)..'b', 1, true)
