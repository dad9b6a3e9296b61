-- cpu inside one native call
-- ends as: answered
return string.find(string.rep('a',4e6), string.rep('a',2e6)..'b', 1, true)
