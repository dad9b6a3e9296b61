-- a table dressed up as an action
-- ends as: error
return setmetatable({ Type = "Hangup" }, getmetatable(action.hangup {}))
