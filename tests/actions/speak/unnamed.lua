action.speak { "Hello" }
