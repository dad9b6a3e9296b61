return function(call)
  call:bridge { to = "206-555-0101", timout = 20 }
end
