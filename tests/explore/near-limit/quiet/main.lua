-- Each round keeps a short text in the journal.
return function(call)
  for number = 1, 10 do
    local again = call:menu { say = `Part {number}. To go on, press 1.`, options = { true }, tries = 1 }
    if not again then
      break
    end
    call:step("read", function()
      return "a short text"
    end)
  end
  call:say("Goodbye.")
end
