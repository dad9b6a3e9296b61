action.raw { Type = "Sing" }
