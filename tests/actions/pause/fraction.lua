action.pause { duration_in_milliseconds = 1.5 }
