action.speak { text = "\xff" }
