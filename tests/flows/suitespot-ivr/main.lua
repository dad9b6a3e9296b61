-- A tree of menus for tests: three choices at every level, and a short voicemail at 3.3.3.

local function choose(call, path)
  local choices = {}
  for key = 1, 3 do
    choices[key] = `Press {key} for {path}{key}`
  end
  return call:menu {
    say = table.concat(choices, "\n"), invalid = "Timeout", options = { "1", "2", "3" }, tries = 1, timeout = 10,
  }
end

return function(call)
  local path = ""
  repeat
    local key = choose(call, path)
    if not key then
      call:say("ABC")
      return
    end
    path ..= `{key}.`
  until path == "3.3.3."

  -- One recording follows the other until the caller hangs up: the key of the last one is said between them.
  call:say("Start recording for 6 seconds after Bee, press any key to stop. Bee")
  while true do
    local recording = call:record {
      max = 6, terminators = "123456789*0#", bucket = config.RECORDING_BUCKET, prefix = "recordings/",
    }
    if not recording then
      call:say("ABC")
      return
    end
    call:say(recording.key)
  end
end
