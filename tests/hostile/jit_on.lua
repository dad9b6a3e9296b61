-- escape and tampering with shared state
-- ends as: answered
return jit and jit.on and tostring(jit.on())
