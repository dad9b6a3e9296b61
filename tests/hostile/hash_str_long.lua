-- cpu inside one native call
-- ends as: bad_answer
local t={} for i=1,3000 do t[string.rep('a',2000)..i..string.rep('a',2000)]=1 end return 'done'
