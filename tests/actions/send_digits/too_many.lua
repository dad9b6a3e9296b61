action.send_digits { digits = string.rep("1", 51) }
