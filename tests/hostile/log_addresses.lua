-- an address in a message
-- ends as: answered
print({}, print, coroutine.create(print))
