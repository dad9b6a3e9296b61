-- cpu: run away and refuse to die
-- ends as: deadline
for i=1,1e9 do tostring(i) end
