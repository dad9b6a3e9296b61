-- host api and call semantics
-- ends as: error
while true do call:pause(0) end
