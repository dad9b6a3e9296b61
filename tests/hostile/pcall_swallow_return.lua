-- cpu: run away and refuse to die
-- ends as: deadline
pcall(function() while true do end end) return 'swallowed'
