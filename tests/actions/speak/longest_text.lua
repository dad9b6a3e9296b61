action.speak { text = string.rep("é", 1000) }
