-- escape and tampering with shared state
-- ends as: error
string.format=function() return 'pwn' end return string.format('%d',1)
