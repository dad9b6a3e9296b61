-- A whole menu as data: texts, digits, what they lead to, back and again. Costs an invocation for each choice.

local texts = require("@std/texts")

local menu_tree = {}

-- One menu: what it says, and what each digit leads to: another menu, information that is said before the same menu again
-- (`{ tell = "We are open …" }`), or anything else, which is the result.
export type Menu = { say: any, options: { [string]: any }, default: any? }

-- What can be set for all menus: `back` is the digit that leads to the menu before, `again` the one that repeats (default: none).
-- `tries` and `timeout` are those of `call:menu`.
export type Options = { back: string?, again: string?, tries: number?, timeout: number? }

-- Stands for the menu before, among the values of digits.
local BACK = {}

local function is_menu(value: any): boolean
  return type(value) == "table" and value.options ~= nil
end

local function check(menu: any, path: string)
  if not is_menu(menu) or menu.say == nil then
    error(`menu_tree: {path} wants say and options`, 0)
  end
  for digit, value in menu.options do
    local is_info = type(value) == "table" and value.tell ~= nil
    if is_menu(value) then
      check(value, `{path} > {digit}`)
    elseif type(value) == "table" and not is_info then
      error(`menu_tree: {path} > {digit} is a table without options or tell`, 0)
    end
  end
end

-- Leads the caller through the menus. Returns what the last digit stands for, and the digits pressed, such as `"1 > 3"`. Where
-- nothing was pressed and the menu has no `default`, it returns nil and the error of `call:menu`.
function menu_tree.run(call: Call, tree: Menu, options: Options?): (any, any)
  check(tree, "the menu")
  local given: Options = options or {}
  local stack, path = { tree }, {}
  while true do
    local menu = stack[#stack]
    local digits = {}
    for digit in menu.options do
      digits[digit] = digit
    end
    if given.back and #stack > 1 then
      digits[given.back] = BACK
    end
    local digit, err = call:menu(texts.asking(menu.say, {
      options = digits, again = given.again, tries = given.tries, timeout = given.timeout,
    }))
    if digit == nil then
      if menu.default ~= nil and err.type == "no_input" then
        return menu.default, table.concat(path, " > ")
      end
      return nil, err
    elseif digit == BACK then
      table.remove(stack)
      table.remove(path)
    else
      local value = menu.options[digit]
      if is_menu(value) then
        table.insert(stack, value)
        table.insert(path, digit)
      elseif type(value) == "table" then
        texts.tell(call, value.tell)
      else
        table.insert(path, digit)
        return value, table.concat(path, " > ")
      end
    end
  end
end

return menu_tree
