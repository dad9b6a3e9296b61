action.raw { Type = "Sing", Parameters = { f = print } }
