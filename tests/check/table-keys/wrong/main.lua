return function(call)
  local questions = { [{ text = "Was it good?" }] = 1 }
  for question in pairs(questions) do
    call:say(question.text)
  end
end
