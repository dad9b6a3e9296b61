-- a list of a million
-- ends as: bad_answer | memory | deadline
local t = {} for i = 1, 1e6 do t[i] = i end return t
