-- Four long updates come while the caller listens: none is lost, and each is given to a wait of its own.
return function(call)
  call:say("Hello.")
  call:record { max = 40, bucket = "b" }
  for _ = 1, 4 do
    local what, detail = call:wait { timeout = 5, say = "Please hold." }
    log.info(`{what} {detail and detail.number} {detail and detail.text and #detail.text}`)
  end
end
