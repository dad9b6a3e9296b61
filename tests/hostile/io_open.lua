-- escape and tampering with shared state
-- ends as: error
return io and tostring(io.open('/etc/passwd'))
