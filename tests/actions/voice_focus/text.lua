action.voice_focus { enable = "True", call_id = "leg" }
