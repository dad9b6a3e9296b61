-- A voicemail: a prompt, a beep, a recording of up to 30 seconds, which is played back, and goodbye.

return function(call)
  call.voice = { voice = "Matthew", engine = "neural", language = "en-US" }
  call:pause(1)
  call:say("Hello! Please record a message after the tone, and press pound when you are done.")
  call:pause(1)
  call:play { key = "500hz-beep.wav", bucket = config.WAVFILE_BUCKET }
  for _ = 1, 3 do
    local recording, err = call:record {
      max = 30, silence = 3, threshold = 100, bucket = config.WAVFILE_BUCKET, prefix = `{call.legs["LEG-A"].id}-`,
    }
    if recording then
      call:pause(1)
      call:say("Your message said")
      call:play(recording)
      break
    end
    log.warn("the recording failed", { reason = tostring(err) })
  end
  call:pause(1)
  call:say("Thank you! Goodbye!")
end
