return function(call)
  local questions = { { text = "Was it good?" } }
  for _, question in ipairs(questions) do
    call:say(question.text)
  end
end
