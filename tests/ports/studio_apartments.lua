-- A Twilio Studio flow of an apartment line: leasing, residents, maintenance by voicemail, and a person.

local forward = require("@std/forward")
local menu_tree = require("@std/menu_tree")
local voicemail = require("@std/voicemail")

local PEOPLE = "+12065550150"

local LEASING = {
  say = "For rates, press 1. To apply, press 2. For tours, press 3. For a person, press 4. To go back, press star.",
  options = {
    ["1"] = { tell = "One bedroom is 1200 dollars a month, and two are 1600." },
    ["2"] = { tell = "Applications are on our web site." },
    ["3"] = { tell = "Tours are from Monday to Saturday, from 10 to 4." },
    ["4"] = "people",
  },
}
local RESIDENTS = {
  say = "For rent, press 1. For packages, press 2. For a person, press 3. To go back, press star.",
  options = {
    ["1"] = { tell = "Rent is due on the first of the month." },
    ["2"] = { tell = "Packages are in the office until 6." },
    ["3"] = "people",
  },
}
local TREE = {
  say = "Welcome. For leasing, press 1. For residents, press 2. For maintenance, press 3. For a person, press 0.",
  options = { ["1"] = LEASING, ["2"] = RESIDENTS, ["3"] = "maintenance", ["0"] = "people" },
}

return function(call: Call)
  local choice, err = menu_tree.run(call, TREE, { back = "*", tries = 3 })
  if choice == "maintenance" then
    voicemail.take(call, { to = "maintenance", bucket = "example-recordings", greeting = "Please say what is broken, and where." })
  elseif choice == "people" then
    if not forward.to(call, { numbers = { PEOPLE } }) then
      voicemail.take(call, { to = "people", bucket = "example-recordings" })
    end
  elseif err.type ~= "left" then
    call:say("We did not hear you. Goodbye.")
  end
end
