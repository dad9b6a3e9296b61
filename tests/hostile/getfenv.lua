-- escape and tampering with shared state
-- ends as: error
return getfenv and tostring(getfenv(0)) , getfenv and tostring(getfenv(1))
