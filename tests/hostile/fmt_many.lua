-- memory
-- ends as: error
return #string.format(string.rep('%99d',1000), unpack and unpack({},1,1000) or table.unpack({},1,1000))
