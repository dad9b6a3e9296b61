action.speak { participant_tag = "LEG-B", text = "Hello" }
