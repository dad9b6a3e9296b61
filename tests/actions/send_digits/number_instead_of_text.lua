action.send_digits { digits = 12 }
