-- One text of config.json is SSML that the service would refuse.
return function(call)
  call:say("The weather.")
  call:say(config.weather)
  call:say("Goodbye.")
end
