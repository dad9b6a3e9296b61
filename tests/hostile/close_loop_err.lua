-- escape and tampering with shared state
-- ends as: error
local src='local x <close> = setmetatable({},{__close=function() pcall(function() while true do end end) end}) while true do end' local f=(loadstring or load)(src) return f and f()
