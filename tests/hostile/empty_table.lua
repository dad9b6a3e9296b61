-- values handed to the host
-- ends as: answered
return {}
