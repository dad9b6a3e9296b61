-- Every line runs.
return function(call)
  call:say("Welcome.")
end
