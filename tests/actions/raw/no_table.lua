action.raw("Sing")
