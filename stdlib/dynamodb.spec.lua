-- DynamoDB tables in plain Lua values.

local dynamodb = require("./dynamodb")

local KEY = { id = "17" }

test("an item is read into plain values", function(t)
  t:reply("dynamodb:GetItem", { output = { Item = {
    id = { S = "17" }, total = { N = "3.5" }, open = { BOOL = true }, gone = { NULL = true },
    lines = { L = { { S = "a" }, { N = "1" } } }, who = { M = { name = { S = "Ann" } } }, days = { NS = { "1", "2" } },
  } } })
  expect(dynamodb.get("orders", KEY, { consistent = true })):equals {
    id = "17", total = 3.5, open = true, lines = { "a", 1 }, who = { name = "Ann" }, days = { 1, 2 },
  }
  expect(t:asked()[1]):contains { TableName = "orders", Key = { id = { S = "17" } }, ConsistentRead = true }
end)

test("an item that is not there is nil, and an error is handed on", function(t)
  t:reply("dynamodb:GetItem", { output = {} })
  t:reply("dynamodb:GetItem", { error = "throttled" })
  expect(dynamodb.get("orders", KEY)):is_nil()
  local _, err = dynamodb.get("orders", KEY)
  expect(err.type):equals("throttled")
end)

test("an item is written only where its key is free", function(t)
  t:reply("dynamodb:PutItem", { output = {} })
  t:reply("dynamodb:PutItem", { error = "conflict" })
  local item = { id = "17", total = 2, price = 2.5, open = false, lines = { "a" }, none = json.array({}), who = {} }
  expect(dynamodb.put("orders", item, { absent = "id" })):equals(true)
  local body = t:asked()[1]
  expect(body.ConditionExpression):equals("attribute_not_exists(#1)")
  expect(body.Item):contains { total = { N = "2" }, price = { N = "2.5" }, none = { L = {} }, who = { M = {} } }
  local written, err = dynamodb.put("orders", item, { absent = "id" })
  expect(written):is_nil()
  expect(err.type):equals("conflict")
end)

test("an item is changed, under conditions", function(t)
  t:reply("dynamodb:UpdateItem", { output = { Attributes = { total = { N = "4" } } } })
  local changes = { set = { state = "sent" }, add = { total = 1 }, remove = { "draft" } }
  expect(dynamodb.update("orders", KEY, changes, { returns = "changed", exists = "id", equals = { state = "new" } })):equals { total = 4 }
  local body = t:asked()[1]
  expect(body.UpdateExpression):equals("SET #1 = :2 ADD #3 :4 REMOVE #5")
  expect(body.ReturnValues):equals("UPDATED_NEW")
  expect(body.ConditionExpression):matches("^attribute_exists%(#6%) AND #7 = :8$")
end)

test("a change says whether it was made", function(t)
  t:reply("dynamodb:UpdateItem", { output = {} })
  t:reply("dynamodb:UpdateItem", { error = "conflict" })
  expect(dynamodb.update("orders", KEY, { set = { state = "sent" } })):equals(true)
  local changed, err = dynamodb.update("orders", KEY, { set = { state = "sent" } })
  expect(changed):is_nil()
  expect(err.type):equals("conflict")
end)

test("a change without changes is a slip, and so is a wrong word", function()
  expect(function() dynamodb.update("orders", KEY, {}) end):fails("no changes given")
  expect(function() dynamodb.update("orders", KEY, { set = { a = 1 } }, { returns = "old" }) end):fails('wanted "changed" or "all"')
  expect(function() dynamodb.put("orders", { call = print or function() end }) end):fails("cannot be stored")
end)

test("items are found by key and beginning", function(t)
  t:reply("dynamodb:Query", { output = { Items = json.array({ { id = { S = "17" } } }) } })
  local found = dynamodb.query("orders", { key = { caller = "+12065550142" }, begins = { at = "2026" }, limit = 5, descending = true })
  expect(found):equals { { id = "17" } }
  local body = t:asked()[1]
  expect(body.KeyConditionExpression):equals("#1 = :2 AND begins_with(#3, :4)")
  expect(body.ScanIndexForward):equals(false)
end)

test("a query needs a key, and its error is handed on", function(t)
  t:reply("dynamodb:Query", { error = "denied" })
  expect(function() dynamodb.query("orders", {}) end):fails("`key` is missing")
  local _, err = dynamodb.query("orders", { key = { id = "17" } })
  expect(err.type):equals("denied")
end)

test("an item is deleted", function(t)
  t:reply("dynamodb:DeleteItem", { output = {} })
  t:reply("dynamodb:DeleteItem", { error = "conflict" })
  expect(dynamodb.delete("orders", KEY)):equals(true)
  local _, err = dynamodb.delete("orders", KEY, { equals = { state = "new" } })
  expect(err.type):equals("conflict")
end)
