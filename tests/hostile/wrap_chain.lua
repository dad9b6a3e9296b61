-- an error through many coroutines
-- ends as: error
local f = function() error("inside") end for i = 1, 150 do local g = f f = function() return coroutine.wrap(g)() end end f()
