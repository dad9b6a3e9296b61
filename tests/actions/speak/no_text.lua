action.speak {}
