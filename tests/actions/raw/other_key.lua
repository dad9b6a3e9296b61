action.raw { Type = "Sing", parameters = {} }
