action.pause { duration_in_milliseconds = "soon" }
