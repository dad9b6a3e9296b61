-- Two questions after a call.

local survey = require("../survey")

return function(call: Call)
  local options = config.survey or {}
  local answers, err = survey.run(call, {
    questions = options.questions or {
      { id = "service", say = "How was our service, from 1 to 5?" },
      { id = "again", say = "To hear from us, press 1. Otherwise press 2.", choices = { ["1"] = true, ["2"] = false }, optional = true },
    },
    key = options.key,
    on_done = function(given, is_complete) log.info("a survey", { service = given.service, complete = is_complete }) end,
  })
  call:say(if answers then "Thank you." else `Not answered: {err.type}.`)
end
