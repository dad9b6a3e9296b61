-- Counts.
local counter = {}
local state = { count = 0 }

function counter.add()
  state.count += 1
end

function counter.count()
  return state.count
end

return counter
