-- escape and tampering with shared state
-- ends as: bad_answer
return require and pcall(require,'./etc/passwd')
