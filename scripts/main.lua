-- The script that answers when nothing else is said: the greeter.
return require("./greeter")
