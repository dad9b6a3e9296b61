-- cpu inside one native call
-- ends as: deadline
for _ in string.gmatch(string.rep('a',200000),'a*b') do end
