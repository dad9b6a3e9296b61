action.speak { text = "Hello", engine = "nueral" }
