-- The menus of an office, as data.

local menu_tree = require("../menu_tree")

local tree = {
  say = "For sales, press 1. For support, press 2. For our hours, press 3.",
  options = {
    ["1"] = "sales",
    ["2"] = {
      say = "For telephones, press 1. For computers, press 2. To go back, press star.",
      options = { ["1"] = "telephones", ["2"] = "computers" },
    },
    ["3"] = { tell = "We are open from 9 to 5." },
  },
  default = "reception",
}

return function(call: Call)
  local target, path = menu_tree.run(call, config.tree or tree, { back = "*", again = "9" })
  call:say(if target then `We connect you with {target}, by {path}.` else `No choice: {path.type}.`)
end
