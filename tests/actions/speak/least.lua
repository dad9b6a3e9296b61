action.speak { text = "Hello" }
