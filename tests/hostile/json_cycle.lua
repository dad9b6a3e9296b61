-- a table in itself
-- ends as: error
local t = {} t.t = t json.encode(t)
