action.speak { text = "" }
