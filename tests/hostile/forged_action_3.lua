-- a checked action that is copied
-- ends as: error
local a = table.clone(action.hangup {}) a.Type = "Sing" return a
