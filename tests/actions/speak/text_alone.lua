action.speak("Hello")
