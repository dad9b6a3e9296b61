-- cpu inside one native call
-- ends as: bad_answer | deadline
local t={} for i=1,2e5 do t['k'..(i*2^20)]=i end return 'done'
