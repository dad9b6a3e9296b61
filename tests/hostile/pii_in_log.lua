-- host api and call semantics
-- ends as: error
print(ev.ActionData.ReceivedDigits)
