-- a line that looks like a line of the host
-- ends as: answered
print("x\n{\"level\":\"ERROR\",\"message\":\"event\"}")
