action.send_digits { digits = "" }
