action.speak { text = "Hello", voiceid = "Joanna" }
