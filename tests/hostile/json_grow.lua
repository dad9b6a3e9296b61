-- a small text that becomes many tables
-- ends as: answered | memory | deadline
local t = {} for i = 1, 100 do t[i] = json.decode("[" .. string.rep("{},", 3e5) .. "1]") end
