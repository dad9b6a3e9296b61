-- cpu: run away and refuse to die
-- ends as: bad_answer
local n=0 for i=1,0/0 do n=n+1 end for i=1,10,0/0 do n=n+1 if n>1e3 then break end end return n
