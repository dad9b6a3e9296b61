-- host api and call semantics
-- ends as: deadline
while true do print(('x'):rep(1e5)) end
