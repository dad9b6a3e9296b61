-- 100 attributes of 1 KB
-- ends as: bad_answer
for i = 1, 100 do call.attributes["k" .. i] = string.rep("x", 1000) end return action.hangup {}
