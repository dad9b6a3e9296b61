return function(call)
  call:become("mian")
end
