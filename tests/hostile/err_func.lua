-- errors as weapons
-- ends as: error
error(function() end)
