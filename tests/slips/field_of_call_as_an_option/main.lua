return function(call)
  call:say(call.frm)
end
