-- errors as weapons
-- ends as: error
error({code=1})
