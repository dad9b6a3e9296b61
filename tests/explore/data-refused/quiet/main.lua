-- The text of config.json is well formed.
return function(call)
  call:say("The weather.")
  call:say(config.weather)
  call:say("Goodbye.")
end
