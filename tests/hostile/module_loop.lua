-- modules that require themselves
-- ends as: error
return require("./hostile/module_loop")
