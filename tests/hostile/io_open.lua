-- escape and tampering with shared state
-- ends as: answered
return io and tostring(io.open('/etc/passwd'))
