-- cpu: run away and refuse to die
-- ends as: deadline
repeat until false
