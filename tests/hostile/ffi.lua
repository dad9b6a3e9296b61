-- escape and tampering with shared state
-- ends as: error
return package and tostring(package.loaded.ffi)
