-- A blind transfer: the caller chooses whom they want, is handed on to that number, and the script is done.
--
-- The numbers are in config.json under `office`.

return function(call: Call)
  call:say("Welcome to the office.")
  local choice = call:menu {
    say = "For orders, press 1. For accounts, press 2. For technical support, press 3.",
    options = { ["1"] = "orders", ["2"] = "accounts", ["3"] = "telephones" },
    invalid = "Sorry, that was not 1, 2 or 3.",
  }
  if not choice then
    call:say("We did not get a valid choice. Please call again. Goodbye.")
    return
  end
  call:say("One moment, please. Connecting your call.")
  local leg, err = call:bridge { to = config.office.numbers[choice], timeout = 30 }
  if leg then
    return
  end
  log.warn("not connected", { whom = choice, reason = err.type })
  if err.type == "no_answer" then
    call:say("We are sorry, there is no answer. Please call again later. Goodbye.")
  else
    call:say("We are sorry, we cannot connect you right now. Please call again later. Goodbye.")
  end
end
