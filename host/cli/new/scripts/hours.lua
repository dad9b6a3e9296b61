-- When somebody is there: the hours of config.json.
local hours = {}

function hours.is_open()
  local now = time.at(config.hours.zone)
  return now.weekday <= 5 and now.hour >= config.hours.opens and now.hour < config.hours.closes
end

return hours
