-- cpu: run away and refuse to die
-- ends as: deadline
local function w() local ok=pcall(function() while true do end end) return w() end return w()
