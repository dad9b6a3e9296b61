-- one text of 8 MB, nine times
-- ends as: bad_answer
local s = string.rep("x", 8e6) for i = 1, 9 do call.attributes["k" .. i] = s end return action.hangup {}
