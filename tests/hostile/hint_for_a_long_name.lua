-- a hint looked for among long names
-- ends as: error
return action[string.rep("x", 4e6)]
