action.speak { text = 5 }
