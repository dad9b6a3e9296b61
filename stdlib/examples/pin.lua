-- Lets a caller in by a PIN, which is locked after too many wrong ones.

local pin = require("../pin")

return function(call: Call)
  local options = config.pin or {}
  local is_in, err = pin.check(call, {
    expected = options.expected or (if options.none or options.verify then nil else "4929"),
    verify = if options.verify then function(typed) return typed == "0000" end else nil,
    lock = options.lock, tries = options.tries, language = options.language, texts = options.texts,
  })
  call:say(if is_in then "Welcome." else `Not let in: {err.type}.`)
end
