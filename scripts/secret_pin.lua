-- An account number and a PIN, which nobody finds in a log: three attempts in all, then the balance or a goodbye.
--
-- The accounts are in config.json under `accounts`, by number.

local function sign_in(call: Call)
  local number = call:ask { say = "Please enter your six-digit account number.", min = 6, max = 6, timeout = 8, secret = true }
  if not number then
    return nil
  end
  local pin = call:ask { say = "Now enter your four-digit PIN.", min = 4, max = 4, timeout = 8, secret = true }
  local account = config.accounts[number]
  if account and pin and account.pin == pin then
    return account
  end
  return nil
end

return function(call: Call)
  call:say("Welcome to the bank.")
  for attempt = 1, 3 do
    local account = sign_in(call)
    if account then
      call:say(`Thank you. Your balance is {account.balance}. Goodbye.`)
      return
    end
    log.info("not signed in", { attempt = attempt })
    if attempt < 3 then
      call:say("Sorry, that is not right. Please try again.")
    end
  end
  call:say("We are sorry, we could not sign you in. Please call again. Goodbye.")
end
