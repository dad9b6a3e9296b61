-- memory
-- ends as: error
return select('#', (unpack or table.unpack)({},1,1e7))
