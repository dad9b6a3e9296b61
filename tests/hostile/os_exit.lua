-- escape and tampering with shared state
-- ends as: answered
return os.exit and os.exit(7)
