return function(call)
  chime.create_meting {}
end
