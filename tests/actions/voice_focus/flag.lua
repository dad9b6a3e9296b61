action.voice_focus { enable = true }
