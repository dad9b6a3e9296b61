-- cpu inside one native call
-- ends as: error
return table.move and table.move(setmetatable({},{__index=function(t,i) return i end}),1,1e9,1,{}) and 1
