action.raw { Type = "Sing", Parameters = { 1, 2 } }
