action.pause {}
