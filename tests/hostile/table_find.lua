-- numbers, text and small traps
-- ends as: error
return table.find and table.find({},1,2^31)
