-- DynamoDB tables, in plain Lua values: strings, numbers, booleans, lists and tables.
--
-- Every function returns its result, or nil and an error. The error's type is `conflict` if a condition does not hold.

type Item = { [string]: any }
-- What must hold, so that a write is done.
type Condition = { exists: string?, absent: string?, equals: Item? }

local dynamodb = {}

-- A table with each of its values turned into another.
local function mapped(values, convert)
  local results = {}
  for key, value in values do
    results[key] = convert(value)
  end
  return results
end

local function to_attribute(value)
  local kind = type(value)
  if kind == "string" then
    return { S = value }
  elseif kind == "number" then
    return { N = if value % 1 == 0 and math.abs(value) < 1e15 then string.format("%d", value) else tostring(value) }
  elseif kind == "boolean" then
    return { BOOL = value }
  elseif kind == "table" then
    local attributes = mapped(value, to_attribute)
    -- A list that may be empty is marked as one.
    local is_list = #value > 0 or getmetatable(value) ~= nil
    return if is_list then { L = json.array(attributes) } else { M = attributes }
  end
  error(`dynamodb: a {kind} cannot be stored; wanted a string, a number, a boolean or a table`, 0)
end

local function from_attribute(attribute)
  local kind, value = next(attribute)
  if kind == "N" then
    return tonumber(value)
  elseif kind == "NULL" then
    return nil
  elseif kind == "L" or kind == "M" then
    return mapped(value, from_attribute)
  elseif kind == "NS" then
    return mapped(value, tonumber)
  end
  return value
end

local function to_item(values)
  return mapped(values, to_attribute)
end

local function from_item(item)
  return mapped(item, from_attribute)
end

local function ask(operation, input)
  return aws.json { service = "dynamodb", operation = operation, input = input }
end

-- Names and values that an expression stands for: `#1` and `:1`.
local function words()
  local own = { names = {}, values = {}, count = 0 }
  function own.name(key)
    own.count += 1
    own.names[`#{own.count}`] = key
    return `#{own.count}`
  end
  function own.value(value)
    own.count += 1
    own.values[`:{own.count}`] = to_attribute(value)
    return `:{own.count}`
  end
  function own.into(input)
    input.ExpressionAttributeNames = if next(own.names) then own.names else nil
    input.ExpressionAttributeValues = if next(own.values) then own.values else nil
    return input
  end
  return own
end

-- `{ exists = "key" }`, `{ absent = "key" }` and `{ equals = { key = value } }`, all of which must hold.
local function condition(options, own)
  local parts = {}
  for _, test in { "exists", "absent" } do
    if options[test] then
      local call = if test == "exists" then "attribute_exists" else "attribute_not_exists"
      parts[#parts + 1] = `{call}({own.name(options[test])})`
    end
  end
  for key, value in options.equals or {} do
    parts[#parts + 1] = `{own.name(key)} = {own.value(value)}`
  end
  return if #parts > 0 then table.concat(parts, " AND ") else nil
end

-- The item with this key, or nil if it does not exist.
function dynamodb.get(table_name: string, key: Item, options: { consistent: boolean? }?): (Item?, any)
  local input = { TableName = table_name, Key = to_item(key), ConsistentRead = if options and options.consistent then true else nil }
  local reply, err = ask("GetItem", input)
  if not reply then
    return nil, err
  end
  return reply.Item and from_item(reply.Item)
end

-- Writes an item; with `{ absent = "key" }` only if that key is free.
function dynamodb.put(table_name: string, item: Item, options: Condition?): (boolean?, any)
  local own, input = words(), { TableName = table_name, Item = to_item(item) }
  input.ConditionExpression = condition(options or {}, own)
  local reply, err = ask("PutItem", own.into(input))
  return reply and true, err
end

-- Changes an item: `set` values, `add` to numbers, `remove` names. Returns true; with
-- `{ returns = "changed" }` what has changed, as it is afterwards, and with `{ returns = "all" }` the item.
function dynamodb.update(
  table_name: string, key: Item, changes: { set: Item?, add: { [string]: number }?, remove: { string }? },
  options: { exists: string?, absent: string?, equals: Item?, returns: ("changed" | "all")? }?
): (any, any)
  local own, parts = words(), {}
  local function clause(word, pairs_of, join)
    local texts = {}
    for name, value in pairs_of or {} do
      texts[#texts + 1] = join(name, value)
    end
    if #texts > 0 then
      parts[#parts + 1] = `{word} {table.concat(texts, ", ")}`
    end
  end
  clause("SET", changes.set, function(name, value) return `{own.name(name)} = {own.value(value)}` end)
  clause("ADD", changes.add, function(name, value) return `{own.name(name)} {own.value(value)}` end)
  clause("REMOVE", changes.remove, function(_, name) return own.name(name) end)
  if #parts == 0 then
    error("dynamodb.update: no changes given; wanted `set`, `add` or `remove`", 2)
  end
  local returns = options and options.returns
  local wanted = { all = "ALL_NEW", changed = "UPDATED_NEW" }
  if returns ~= nil and not wanted[returns] then
    error(`dynamodb.update: \`returns\` is {tostring(returns)}; wanted "changed" or "all"`, 2)
  end
  local input = {
    TableName = table_name, Key = to_item(key), UpdateExpression = table.concat(parts, " "), ReturnValues = wanted[returns],
  }
  input.ConditionExpression = condition(options or {}, own)
  local reply, err = ask("UpdateItem", own.into(input))
  if not reply then
    return nil, err
  end
  return if returns then from_item(reply.Attributes or {}) else true
end

-- The items of a key: `{ key = { name = value }, begins = { name = string }, index =, limit =, descending = }`.
function dynamodb.query(
  table_name: string, options: { key: Item, begins: Item?, index: string?, limit: number?, descending: boolean? }
): ({ Item }?, any)
  local own, parts = words(), {}
  for name, value in options.key or {} do
    parts[#parts + 1] = `{own.name(name)} = {own.value(value)}`
  end
  for name, text in options.begins or {} do
    parts[#parts + 1] = `begins_with({own.name(name)}, {own.value(text)})`
  end
  if #parts == 0 then
    error("dynamodb.query: `key` is missing; wanted the key of the items", 2)
  end
  local reply, err = ask("Query", own.into {
    TableName = table_name, IndexName = options.index, Limit = options.limit,
    KeyConditionExpression = table.concat(parts, " AND "),
    ScanIndexForward = if options.descending then false else nil,
  })
  if not reply then
    return nil, err
  end
  return mapped(reply.Items, from_item)
end

-- Deletes the item with this key, if there is one.
function dynamodb.delete(table_name: string, key: Item, options: Condition?): (boolean?, any)
  local own, input = words(), { TableName = table_name, Key = to_item(key) }
  input.ConditionExpression = condition(options or {}, own)
  local reply, err = ask("DeleteItem", own.into(input))
  return reply and true, err
end

return dynamodb
