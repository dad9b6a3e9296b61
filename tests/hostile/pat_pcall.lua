-- cpu inside one native call
-- ends as: deadline
local n=0 while true do pcall(string.find,string.rep('a',100), string.rep('a?',100)..string.rep('a',100)) n=n+1 end
