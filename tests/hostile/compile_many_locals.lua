-- compiler and loader
-- ends as: error
local s={} for i=1,300 do s[#s+1]='local a'..i..'='..i end local f,e=(loadstring or load)(table.concat(s,'\n')) return tostring(f),e
