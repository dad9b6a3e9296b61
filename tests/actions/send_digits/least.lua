action.send_digits { digits = "1,2A#" }
