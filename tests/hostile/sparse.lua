-- values handed to the host
-- ends as: bad_answer
return {[1]=1,[1000000000]=2}
