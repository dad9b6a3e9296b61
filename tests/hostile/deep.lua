-- values handed to the host
-- ends as: bad_answer
local t={} for i=1,10000 do t={t} end return t
