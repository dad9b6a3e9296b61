-- The bank: account numbers and PINs, in three attempts.

test("a caller signs in and hears the balance", function(t)
  local c = t:call()
  c:hears("Welcome to the bank.", "six-digit account number"):presses("123456")
  c:hears("four-digit PIN"):presses("4929")
  c:hears("Your balance is 120 dollars and 50 cents.")
  c:ends("script")
end)

test("a wrong PIN can be tried again", function(t)
  local c = t:call()
  c:hears("Welcome", "account number"):presses("123456")
  c:hears("PIN"):presses("1357")
  c:hears("Sorry, that is not right.", "account number"):presses("654321")
  c:logs("info", "not signed in")
  c:hears("PIN"):presses("1357")
  c:hears("Your balance is 8 dollars.")
  c:ends("script")
end)

test("after three attempts the call ends", function(t)
  local c = t:call()
  c:hears("Welcome")
  for attempt = 1, 3 do
    c:hears("account number"):presses("000000")
    c:hears("PIN"):presses("1111")
    c:hears(if attempt < 3 then "Sorry, that is not right." else "we could not sign you in")
  end
  c:ends("script")
end)

test("a caller who presses nothing is not asked for a PIN", function(t)
  local c = t:call()
  c:hears("Welcome", "account number", "Sorry, that is not right.", "account number")
  c:hangs_up()
end)
