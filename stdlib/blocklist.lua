-- Callers who are not let in: by a list, and by how often they call. With `storage` each question costs a request.

local blocklist = {}

-- What can be set. `numbers` are refused: whole ones, or beginnings that end in a star, such as `"+1900*"`. `anonymous = true`
-- refuses callers without a number. `prefix` looks the number up in `storage` too: what lies there under it is refused.
export type Options = { numbers: { string }?, anonymous: boolean?, prefix: string? }

-- How often somebody may call: `most` calls in `seconds` (default: 3600), counted in `storage` under `prefix` and the number.
export type Rate = { most: number, seconds: number?, prefix: string? }

local function number_of(call: Call): string?
  return if call.from and string.match(call.from, "^%+%d+$") then call.from else nil
end

-- Whether the caller is refused. A storage that cannot be asked lets them in: a line that answers nobody helps nobody.
function blocklist.is_blocked(call: Call, options: Options): boolean
  local from = number_of(call)
  if not from then
    return options.anonymous == true
  end
  for _, refused in options.numbers or {} do
    local beginning = string.match(refused, "^(.*)%*$")
    if from == refused or (beginning and string.sub(from, 1, #beginning) == beginning) then
      return true
    end
  end
  if options.prefix then
    local found, err = storage.get(options.prefix .. string.sub(from, 2))
    if err then
      log.warn("whether a caller is blocked cannot be looked up", { reason = err.type })
    end
    return found ~= nil
  end
  return false
end

-- Counts this call, and says whether the caller has called too often. Callers without a number are one caller.
function blocklist.is_too_often(call: Call, rate: Rate): boolean
  if type(rate) ~= "table" or type(rate.most) ~= "number" then
    error("blocklist.is_too_often: wanted { most = 5, seconds = 3600 }", 2)
  end
  local key = (rate.prefix or "calls/") .. (if number_of(call) then string.sub(call.from, 2) else "anonymous")
  local kept, err = storage.get(key)
  if err then
    log.warn("how often somebody calls cannot be looked up", { reason = err.type })
    return false
  end
  local now, recent = time.now(), {}
  for _, at in if type(kept) == "table" and type(kept.at) == "table" then kept.at else {} do
    if now - at < (rate.seconds or 3600) then
      table.insert(recent, at)
    end
  end
  local is_over = #recent >= rate.most
  -- Calls that were refused do not count, and so the list stays short.
  if not is_over then
    table.insert(recent, now)
    local _, failed = storage.put(key, { at = recent })
    if failed then
      log.warn("how often somebody calls cannot be counted", { reason = failed.type })
    end
  end
  return is_over
end

return blocklist
