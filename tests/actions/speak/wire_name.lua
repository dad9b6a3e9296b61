action.speak { Text = "Hello" }
