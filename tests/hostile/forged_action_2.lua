-- a checked action that is changed
-- ends as: error
rawset(action.hangup {}, "Type", "Sing")
