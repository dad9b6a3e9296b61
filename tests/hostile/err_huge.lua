-- memory
-- ends as: error
error(string.rep('x',8e6))
