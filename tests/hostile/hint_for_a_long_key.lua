-- the same for keys
-- ends as: error
return action.speak { text = "a", [string.rep("x", 4e6)] = 1 }
