-- Sessions of Amazon Lex V2 bots.

type Session = { bot_id: string, alias_id: string, locale: string?, session_id: string }

local lex = {}

-- The session: `{ bot_id =, alias_id =, locale = "en_US", session_id = }`. The session id of `call:bot` is the first leg's id.
local function place(session)
  return {
    botId = session.bot_id, botAliasId = session.alias_id, localeId = session.locale or "en_US", sessionId = session.session_id,
  }
end

-- Opens a session with `{ intent =, slot =, attributes = }`: the bot starts with this intent and asks for this slot.
function lex.put_session(
  session: Session, state: { intent: string?, slot: string?, attributes: { [string]: string }? }
): (boolean?, any)
  local input = place(session)
  input.sessionState = {
    sessionAttributes = state.attributes,
    intent = state.intent and { name = state.intent },
    dialogAction = if state.slot then { type = "ElicitSlot", slotToElicit = state.slot }
      elseif state.intent then { type = "Delegate" }
      else { type = "ElicitIntent" },
  }
  local reply, err = aws.json { service = "lexv2-runtime", operation = "PutSession", input = input }
  return reply and true, err
end

-- Ends a session.
function lex.delete_session(session: Session): (boolean?, any)
  local reply, err = aws.json { service = "lexv2-runtime", operation = "DeleteSession", input = place(session) }
  return reply and true, err
end

return lex
