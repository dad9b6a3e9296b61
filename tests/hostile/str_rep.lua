-- memory
-- ends as: memory | deadline
return #string.rep('x',1e9)
