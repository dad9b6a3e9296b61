-- Reminds somebody of an appointment; the log line says whether to try again.

local notify = require("../notify")

return function(call: Call)
  local given = config.notify or {}
  local prefix = if given.prefix == false then nil else "opted-out/"
  if prefix and notify.is_opted_out(call.to, prefix) then
    return
  end
  local outcome = notify.tell(call, {
    who = "the dentist", message = "We expect you tomorrow at ten.", prefix = prefix, most = 2,
  })
  log.info("reminded", { what = outcome.what, again = outcome.again, attempt = outcome.arguments.attempt })
end
