-- Each round keeps a long text in the journal; the last one nearly fills it.
return function(call)
  for number = 1, 10 do
    local again = call:menu { say = `Part {number}. To go on, press 1.`, options = { true }, tries = 1 }
    if not again then
      break
    end
    call:step("read", function()
      return string.rep("a long text ", 40)
    end)
  end
  call:say("Goodbye.")
end
