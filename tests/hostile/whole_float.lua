-- values handed to the host
-- ends as: bad_answer
return {w=3.0}
