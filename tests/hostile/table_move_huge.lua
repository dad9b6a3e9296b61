-- cpu inside one native call
-- ends as: bad_answer
return table.move({},1,1e9,2,{}) and 1
