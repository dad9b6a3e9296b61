return function(call)
  call:answer()
end
