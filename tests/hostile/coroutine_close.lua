-- the host'\''s own coroutine closed
-- ends as: error
coroutine.close(coroutine.running())
