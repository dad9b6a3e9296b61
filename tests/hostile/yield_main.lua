-- escape and tampering with shared state
-- ends as: error
return coroutine.yield(1)
