return function()
  return "Goodbye."
end
