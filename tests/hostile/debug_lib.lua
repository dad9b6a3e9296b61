-- escape and tampering with shared state
-- ends as: bad_answer
return debug and tostring(debug.getregistry or debug.sethook)
