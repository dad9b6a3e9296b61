action.raw { Parameters = {} }
