action.raw { Type = "Sing", Parameters = { song = "a", Verses = { 1, 2 }, Empty = {}, List = json.array {} } }
