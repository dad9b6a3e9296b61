action.voice_focus { enable = "yes" }
