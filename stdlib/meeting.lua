-- Meetings by PIN: callers with a PIN of the same room meet, and a moderator mutes the others.
--
-- Costs an invocation for the PIN, two requests and an invocation to join, and for a moderator one and a request or two for
-- each key.

local texts = require("@std/texts")

local meeting = {}

-- A room: its name, which makes it one meeting, and whether this PIN is a moderator's.
export type Room = { name: string, moderates: boolean? }

-- What can be set. `rooms` are by their PIN.
export type Options = { rooms: { [string]: Room }, tries: number?, language: string?, texts: { [string]: any }? }

-- Every sentence, by language.
meeting.texts = {
  en = {
    ask = "Please enter your PIN.", wrong = "That PIN is not valid.", connecting = "Connecting your call.",
    moderator = "You are the moderator. To mute everyone else, press 1. To unmute them, press 2.",
    failed = "We are sorry, the meeting is not available.", bye = "Goodbye.",
  },
  es = {
    ask = "Introduzca su PIN.", wrong = "Ese PIN no es válido.", connecting = "Conectando su llamada.",
    moderator = "Usted modera. Para silenciar a los demás, pulse 1. Para darles la palabra, pulse 2.",
    failed = "Lo sentimos, la reunión no está disponible.", bye = "Adiós.",
  },
  fr = {
    ask = "Tapez votre code.", wrong = "Ce code n'est pas valable.", connecting = "Nous vous connectons.",
    moderator = "Vous animez. Pour couper le micro des autres, tapez 1. Pour le rétablir, tapez 2.",
    failed = "Désolés, la réunion n'est pas disponible.", bye = "Au revoir.",
  },
  de = {
    ask = "Bitte geben Sie Ihre PIN ein.", wrong = "Diese PIN ist nicht gültig.", connecting = "Sie werden verbunden.",
    moderator = "Sie moderieren. Um alle anderen stummzuschalten, drücken Sie 1. Um sie sprechen zu lassen, drücken Sie 2.",
    failed = "Leider ist die Besprechung nicht zu erreichen.", bye = "Auf Wiederhören.",
  },
}

-- The ids of everybody in the meeting but this caller.
local function others(meeting_id: string, own: string): { string }
  local list, err = chime.list_attendees { meeting_id = meeting_id }
  if not list then
    log.warn("the attendees are not known", { reason = err.type })
    return {}
  end
  local ids = {}
  for _, attendee in list.attendees do
    if attendee.attendee_id ~= own then
      ids[#ids + 1] = attendee.attendee_id
    end
  end
  return ids
end

-- Mutes and unmutes the others by key, until the moderator leaves.
local function moderate(call: Call, meeting_id: string, own: string)
  while true do
    local what, key = call:wait { digits = "^[12]$" }
    if what == "left" or not what then
      return
    end
    -- An update is for nobody here.
    if what ~= "digits" then
      continue
    end
    -- In a step: the list may be long, and only its ids are needed.
    local ids = call:step("others", function() return others(meeting_id, own) end)
    if #ids > 0 then
      local is_done, err = if key == "1" then call:mute(ids) else call:unmute(ids)
      log.info("moderated", { key = key, people = #ids, done = is_done, reason = err and err.type })
    end
  end
end

-- Asks for a PIN and connects the caller with the room's meeting, for as long as they stay. Returns true; or nil and an error:
-- `wrong` where no PIN was right, or what kept the meeting from being joined.
function meeting.join(call: Call, options: Options): (boolean?, any)
  if type(options) ~= "table" or type(options.rooms) ~= "table" then
    error('meeting.join: wanted { rooms = { ["1001"] = { name = "monday" } } }', 2)
  end
  local text = texts.of(call, meeting.texts, options)
  local asking = texts.asking(text("ask"), { options = options.rooms, tries = options.tries or 3, timeout = 8 })
  asking.invalid = text("wrong")
  local room: any = call:menu(asking)
  if not room then
    texts.tell(call, text("bye"))
    return nil, { type = "wrong", message = "no PIN was right" }
  end
  -- Who gives the same token has the same meeting.
  local made, err = chime.create_meeting { token = room.name }
  local attendee
  if made then
    attendee, err = chime.create_attendee { meeting_id = made.meeting_id, external_user_id = call.id }
  end
  local leg
  if attendee then
    -- A caller who leaves is not an attendee any more.
    call:on_hangup(function()
      chime.delete_attendee { meeting_id = made.meeting_id, attendee_id = attendee.attendee_id }
    end)
    texts.tell(call, text(if room.moderates then "moderator" else "connecting"))
    leg, err = call:join_meeting(attendee)
  end
  if not leg then
    texts.tell(call, text("failed"))
    return nil, err
  end
  if room.moderates then
    moderate(call, made.meeting_id, attendee.attendee_id)
  end
  return true
end

return meeting
