-- texts that grow when they are sent
-- ends as: bad_answer
local a = action.raw { Type = "X", Parameters = { a = string.rep("\1", 200000) } } return { a, a, a, a, a }
