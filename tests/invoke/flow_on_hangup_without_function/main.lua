return function(call)
  call:on_hangup("bye")
end
