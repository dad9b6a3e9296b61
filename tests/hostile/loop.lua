-- cpu: run away and refuse to die
-- ends as: deadline
while true do end
