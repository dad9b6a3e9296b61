-- a text nested deep
-- ends as: answered
assert(json.decode(string.rep("[", 1e5)) == nil)
