-- the host'\''s functions taken from the stack
-- ends as: error
return debug.info(2, "f")
