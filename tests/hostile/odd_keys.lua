-- values handed to the host
-- ends as: bad_answer
return {[1.5]=1}
