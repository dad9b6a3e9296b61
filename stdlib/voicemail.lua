-- Voicemail: a greeting, a message, and what the caller wants done with it.
--
-- Costs two invocations for a message that is kept at once, and one or two for each thing that the caller does with it.

local texts = require("@std/texts")

local voicemail = {}

-- What can be set. Each of `texts` is a prompt, or an audio file: a table with a `key`.
export type Options = {
  -- What is said first; default: a greeting in `language`. `false` says nothing.
  greeting: any?,
  -- The longest message, and how much silence ends it, in seconds; default: 120 and 5.
  max: number?, silence: number?,
  -- Where it is kept; default: `MOONRING_RECORDING_BUCKET`, and keys that begin with `voicemail/`, and with `to`.
  bucket: string?, prefix: string?, to: string?,
  -- An audio file that is played before it is recorded; default: none.
  tone: any?,
  -- Whether the caller may listen to the message and record it again; default: true.
  review: boolean?,
  -- Called once with the message, also when the caller hangs up after it. Only helpers work in it then.
  on_message: ((message: any) -> ())?,
  -- `en`, `es`, `fr` or `de`, or what begins so; default: the language of `call.voice`, else English.
  language: string?,
  texts: { [string]: any }?,
}

-- Every sentence, by language.
voicemail.texts = {
  en = {
    greeting = "We can't take your call right now.",
    record = "Please leave your message after the tone, and press pound when you are done.",
    record_now = "Please leave your message now, and press pound when you are done.",
    review = "To listen to your message, press 1. To keep it, press 2, or hang up. To record it again, press 3.",
    kept = "Your message is saved. Thank you.", failed = "We are sorry, we cannot take a message right now.",
  },
  es = {
    greeting = "En este momento no podemos atender su llamada.",
    record = "Deje su mensaje después del tono y pulse la tecla numeral al terminar.",
    record_now = "Deje su mensaje ahora y pulse la tecla numeral al terminar.",
    review = "Para escuchar su mensaje, pulse 1. Para guardarlo, pulse 2 o cuelgue. Para grabarlo otra vez, pulse 3.",
    kept = "Su mensaje se ha guardado. Gracias.", failed = "Lo sentimos, ahora no podemos grabar un mensaje.",
  },
  fr = {
    greeting = "Nous ne pouvons pas prendre votre appel pour le moment.",
    record = "Laissez votre message après le bip, puis appuyez sur dièse.",
    record_now = "Laissez votre message maintenant, puis appuyez sur dièse.",
    review = "Pour écouter votre message, tapez 1. Pour le garder, tapez 2 ou raccrochez. Pour recommencer, tapez 3.",
    kept = "Votre message est enregistré. Merci.", failed = "Désolés, nous ne pouvons pas prendre de message pour le moment.",
  },
  de = {
    greeting = "Wir können Ihren Anruf gerade nicht entgegennehmen.",
    record = "Bitte sprechen Sie nach dem Ton, und drücken Sie zum Schluss die Rautetaste.",
    record_now = "Bitte sprechen Sie jetzt, und drücken Sie zum Schluss die Rautetaste.",
    review = "Zum Anhören drücken Sie 1. Zum Speichern drücken Sie 2, oder legen Sie auf. Für eine neue Aufnahme drücken Sie 3.",
    kept = "Ihre Nachricht ist gespeichert. Vielen Dank.", failed = "Leider können wir gerade keine Nachricht aufnehmen.",
  },
}

local OPTIONS = { ["1"] = "listen", ["2"] = "keep", ["3"] = "again" }

-- Takes a message. Returns the recording, as `call:record` does; or nil and the error of what failed. It does not hang up.
function voicemail.take(call: Call, options: Options?): (any, any)
  local given: Options = options or {}
  local text = texts.of(call, voicemail.texts, given)

  local message, is_told = nil, false
  local function told()
    if message and not is_told and given.on_message then
      is_told = true
      given.on_message(message)
    end
  end
  -- Who hangs up while the message is reviewed has left it.
  call:on_hangup(told)

  texts.tell(call, if given.greeting ~= nil then given.greeting else text("greeting"))
  local prefix = given.prefix or "voicemail/"
  local choice: any = "again"
  while choice == "again" or choice == "listen" do
    if choice == "listen" then
      call:play(message)
    else
      texts.tell(call, text(if given.tone then "record" else "record_now"))
      if given.tone then
        call:play(given.tone)
      end
      local recording, err = call:record {
        max = given.max or 120, silence = given.silence or 5, bucket = given.bucket,
        prefix = if given.to then `{prefix}{given.to}/` else prefix,
      }
      if not recording then
        -- A message that was there before stays.
        if message then
          break
        end
        texts.tell(call, text("failed"))
        return nil, err
      end
      message = recording
    end
    if given.review == false then
      break
    end
    choice = call:menu(texts.asking(text("review"), { options = OPTIONS, default = "keep" }))
  end
  told()
  texts.tell(call, text("kept"))
  return message
end

return voicemail
