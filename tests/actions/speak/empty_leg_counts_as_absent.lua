action.speak { call_id = "", text = "Hello" }
