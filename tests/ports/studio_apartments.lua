-- A Twilio Studio flow of an apartment line: menus in three layers, maintenance by voicemail, and a person.

local forward = require("@std/forward")
local menu_tree = require("@std/menu_tree")
local voicemail = require("@std/voicemail")

local PEOPLE = "+12065550150"

-- Options that the menus name and lead nowhere are not options: the menu is heard again, as it is there.
local APPLICATION = { say = "Your application is on our web site. For a person, press 2.", options = { ["2"] = "people" } }
local TOURS = { say = "You can look around on your own. For a tour with an agent, press 2.", options = { ["2"] = "people" } }
local LEASING = {
  say = "For rates, press 1. For your application, press 2. For tours, press 3. For a person, press 4.",
  options = {
    ["1"] = { tell = "One bedroom begins at 1400 dollars a month, and two at 1800." },
    ["2"] = APPLICATION, ["3"] = TOURS, ["4"] = "people",
  },
}
local RESIDENTS = { say = "To renew your lease, press 2.", options = { ["2"] = "assistant" } }
local MAIN = {
  say = "Welcome. For leasing, press 1. For residents, press 2. For maintenance, press 3. For the operator, press 0.",
  options = { ["1"] = LEASING, ["2"] = RESIDENTS, ["3"] = "maintenance", ["0"] = "operator" },
}

return function(call: Call)
  -- Silence brings the same menu for ever there; here it ends.
  local choice = menu_tree.run(call, MAIN, { tries = 3, timeout = 10 })
  if not choice then
    call:say("We did not hear you. Goodbye.")
    return
  elseif choice == "maintenance" then
    voicemail.take(call, {
      to = "maintenance", bucket = "example-recordings", max = 120, review = false,
      greeting = "Nobody of maintenance is free. Please say who you are, where, and what is broken.",
    })
    return
  elseif choice == "operator" then
    call:say("Please hold while we connect you.")
  elseif choice == "assistant" and not call:ask { say = "How can we help you? Press any key.", max = 1 } then
    call:say("We did not hear that. We connect you.")
  end
  if not forward.to(call, { numbers = { PEOPLE }, timeout = 30, say = false, whisper = false, screen = false }) then
    call:say("There is no answer. Goodbye.")
  end
end
