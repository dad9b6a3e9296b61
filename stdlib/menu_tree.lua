-- A whole menu as data: texts, keys, what they lead to, back and again. Costs an invocation for each choice.

local menu_tree = {}

-- One menu: what it says, and what each key leads to: another menu, information that is said before the same menu again
-- (`{ tell = "We are open …" }`), or anything else, which is the result.
export type Menu = { say: any, options: { [string]: any }, default: any? }

-- What can be set for all menus: `back` is the key that leads to the menu before, `again` the one that repeats (default: none).
-- `tries` and `timeout` are those of `call:menu`.
export type Options = { back: string?, again: string?, tries: number?, timeout: number? }

-- Stands for the menu before, among the values of keys.
local BACK = {}

local function is_file(part: any): boolean
  return type(part) == "table" and part.key ~= nil
end

local function is_menu(value: any): boolean
  return type(value) == "table" and value.options ~= nil
end

local function check(menu: any, path: string)
  if not is_menu(menu) or menu.say == nil then
    error(`menu_tree: {path} wants say and options`, 0)
  end
  for key, value in menu.options do
    local is_info = type(value) == "table" and value.tell ~= nil
    if is_menu(value) then
      check(value, `{path} > {key}`)
    elseif type(value) == "table" and not is_info then
      error(`menu_tree: {path} > {key} is a table without options or tell`, 0)
    end
  end
end

-- Leads the caller through the menus. Returns what the last key stands for, and the keys pressed, such as `"1 > 3"`; or nil,
-- and the error of `call:menu` where nothing was pressed and the menu has no `default`.
function menu_tree.run(call: Call, tree: Menu, options: Options?): (any, any)
  check(tree, "the menu")
  local given: Options = options or {}
  local stack, path = { tree }, {}
  while true do
    local menu = stack[#stack]
    local keys = {}
    for key in menu.options do
      keys[key] = key
    end
    if given.back and #stack > 1 then
      keys[given.back] = BACK
    end
    local asked: any = { options = keys, again = given.again, tries = given.tries, timeout = given.timeout }
    if is_file(menu.say) then
      -- After a file the service wants one for a wrong key, too.
      asked.play, asked.invalid = menu.say, menu.say
    else
      asked.say = menu.say
    end
    local key, err = call:menu(asked)
    if key == nil then
      if menu.default ~= nil and err.type == "no_input" then
        return menu.default, table.concat(path, " > ")
      end
      return nil, err
    elseif key == BACK then
      table.remove(stack)
      table.remove(path)
    else
      local value = menu.options[key]
      if is_menu(value) then
        table.insert(stack, value)
        table.insert(path, key)
      elseif type(value) == "table" then
        if is_file(value.tell) then
          call:play(value.tell)
        else
          call:say(value.tell)
        end
      else
        table.insert(path, key)
        return value, table.concat(path, " > ")
      end
    end
  end
end

return menu_tree
