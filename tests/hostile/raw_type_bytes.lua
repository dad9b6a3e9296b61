-- a name of an action of 8 MB
-- ends as: error
return action.raw { Type = string.rep("T", 8e6) }
