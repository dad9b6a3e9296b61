-- memory
-- ends as: error
return #string.format('%99999999d',1)
