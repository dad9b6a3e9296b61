-- escape and tampering with shared state
-- ends as: answered
return getfenv and tostring(getfenv(0)) , getfenv and tostring(getfenv(1))
