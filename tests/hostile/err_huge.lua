-- memory
-- ends as: memory | deadline
error(string.rep('x',8e6))
