-- memory
-- ends as: memory | deadline
return #string.format(string.rep('%s',100),(unpack or table.unpack)((function() local t={} for i=1,100 do t[i]=string.rep('x',1e6) end return t end)()))
