-- Finds a colleague by name.

local directory = require("../directory")

return function(call: Call)
  local options = config.directory or {}
  local person, err = directory.choose(call, {
    people = options.people or {
      { name = "Ann Smith", number = "+12065550101" }, { name = "Bo Smits", number = "+12065550102" },
      { name = "Zoë Österlund", number = "+12065550103" },
    },
    language = options.language, tries = options.tries,
  })
  call:say(if person then `{person.name} has {person.number}.` else `Nobody: {err.type}.`)
end
