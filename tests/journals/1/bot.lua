-- A bot finds out what the caller wants.
return function(call)
  call:say("Hello.")
  local wish, err = call:bot {
    alias_arn = "arn:aws:lex:us-east-1:111122223333:bot-alias/BOT/ALIAS",
    locale = "en_US", welcome = "What can I do for you?", attributes = { from = call.from, times = 1 },
  }
  if not wish then
    call:say(`The bot: {err.type}.`)
    return
  end
  log.info(`{wish.name} {wish.state} {wish.confirmation} {wish.slots.place} {tostring(wish.slots.time)} {wish.attributes.times}`)
  call:say(`{wish.name} it is.`)
end
