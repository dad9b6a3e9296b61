-- An office: a menu of three levels by day, voicemail by night and for colleagues who are not there.
--
-- Numbers, opening hours and their time zone are in config.json under `office`.

local office = config.office

local function is_open()
  local now, err = time.at(office.zone)
  if not now then
    log.error("the office has no hours; it counts as open", { reason = tostring(err) })
    return true
  end
  return now.weekday <= 5 and now.hour >= office.opens and now.hour < office.closes
end

local function voicemail(call: Call, whom)
  call:say(`Please leave a message for {whom} after the tone, and press pound.`)
  local recording, err = call:record { max = 120, silence = 5, bucket = office.recordings, prefix = "voicemail/" }
  if recording then
    log.info("a message", { whom = whom, key = recording.key })
    call:say("Thank you. Goodbye.")
  else
    log.warn("no message", { whom = whom, reason = err.type })
  end
end

local function connect(call: Call, whom)
  call:say("One moment, please.")
  local leg, err = call:bridge { to = office.numbers[whom], timeout = 20 }
  if not leg then
    call:say(if err.type == "no_answer" then "There is no answer." else "We cannot connect you right now.")
    voicemail(call, whom)
  end
end

-- What can be chosen: a number of the office, or more to choose from.
local menus = {
  main = { say = "For sales, press 1. For support, press 2.", options = { ["1"] = "sales", ["2"] = "support" } },
  sales = { say = "For a new order, press 1. For an existing order, press 2.", options = { ["1"] = "orders", ["2"] = "accounts" } },
  support = { say = "For phones, press 1. For computers, press 2.", options = { ["1"] = "telephones", ["2"] = "computers" } },
  computers = { say = "For hardware, press 1. For software, press 2.", options = { ["1"] = "hardware", ["2"] = "software" } },
}

return function(call: Call)
  call:say("Welcome to the office.")
  if not is_open() then
    call:say("We are closed.")
    return voicemail(call, "everybody")
  end
  local choice = "main"
  while menus[choice] do
    choice = call:menu(menus[choice])
    if choice == nil then
      call:say("Please call again.")
      return
    end
  end
  connect(call, choice)
end
