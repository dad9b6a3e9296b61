-- Sessions of Amazon Lex bots.

local lex = require("./lex")

local SESSION = { bot_id = "BOT", alias_id = "ALIAS", session_id = "leg-1" }

test("a session begins with an intent and a slot", function(t)
  t:reply("lexv2-runtime:PutSession", {})
  expect(lex.put_session(SESSION, { intent = "Order", slot = "Number", attributes = { language = "en" } })):equals(true)
  local asked = t:asked()[1]
  expect(asked.operation):equals("lexv2-runtime:PutSession")
end)

test.each({ { { intent = "Order" } }, { {} } })("a session may begin with less", function(t, state)
  t:reply("lexv2-runtime:PutSession", {})
  expect(lex.put_session(SESSION, state)):equals(true)
end)

test("a session ends", function(t)
  t:reply("lexv2-runtime:DeleteSession", {})
  t:reply("lexv2-runtime:DeleteSession", { error = "not_found" })
  expect(lex.delete_session(SESSION)):equals(true)
  local ended, err = lex.delete_session(SESSION)
  expect(ended):is_nil()
  expect(err.type):equals("not_found")
end)
