-- errors as weapons
-- ends as: error
error(nil)
