-- values handed to the host
-- ends as: bad_answer
local t={1} for i=1,22 do t={t,t} end return t
