-- host api and call semantics
-- ends as: error
error('bad pin '..pin)
