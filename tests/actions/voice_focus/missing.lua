action.voice_focus {}
