-- escape and tampering with shared state
-- ends as: error
return jit and jit.on and tostring(jit.on())
