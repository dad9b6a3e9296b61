-- escape and tampering with shared state
-- ends as: bad_answer
return os.time({year=1e308,month=1,day=1,hour=0})
