return function(call)
  local text = json.encod({})
end
