-- state for the next call
-- ends as: error
local _, err = json.decode("{") getmetatable(err).stash = call.id
