-- values handed to the host
-- ends as: bad_answer
return {f=print}
