-- escape and tampering with shared state
-- ends as: error
rawset(_G,'print',nil) return tostring(print)
