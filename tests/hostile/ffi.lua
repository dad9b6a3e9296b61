-- escape and tampering with shared state
-- ends as: answered
return package and tostring(package.loaded.ffi)
