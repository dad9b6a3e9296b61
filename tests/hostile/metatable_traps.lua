-- traps on a returned table never run
-- ends as: answered
return setmetatable({}, { __index = error, __len = error, __iter = error, __pairs = error, __tostring = error })
