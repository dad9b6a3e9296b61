return function(call)
  log.info(call.attributes.name)
end
