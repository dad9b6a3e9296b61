-- attributes with traps and a wrong key
-- ends as: bad_answer
call.attributes = setmetatable({ [1] = "x" }, { __index = error, __iter = error }) return action.hangup {}
