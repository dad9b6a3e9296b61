-- A voicemail: a prompt, a beep, a recording of up to 30 seconds, which is played back, and goodbye.
--
-- What the caller hears now is kept in the call's attribute `state`; when it is over, `NEXT` says what follows.

local ssml = require("@std/ssml")

local function pause()
  return action.pause { duration_in_milliseconds = 1000 }
end

local function say(text)
  return action.speak {
    text = ssml.speak(text),
    text_type = "ssml",
    engine = "neural",
    language_code = "en-US",
    voice_id = "Matthew",
  }
end

local function play(key)
  return action.play_audio { audio_source = { bucket_name = config.WAVFILE_BUCKET, key = key }, times = 1 }
end

local function greet(event, call)
  call.attributes.state = "new"
  return { pause(), say("Hello!  Please record a message after the tone, and press pound when you are done.") }
end

local function beep(event, call)
  call.attributes.state = "beeping"
  return { pause(), play("500hz-beep.wav") }
end

local function record(event, call)
  call.attributes.state = "recording"
  return action.record_audio {
    duration_in_seconds = 30,
    silence_duration_in_seconds = 3,
    silence_threshold = 100,
    recording_terminators = { "#" },
    recording_destination = { bucket_name = config.WAVFILE_BUCKET, prefix = `{call.legs["LEG-A"].id}-` },
  }
end

local function play_back(event, call)
  call.attributes.state = "playing"
  return { pause(), say("Your message said"), play(event.ActionData.RecordingDestination.Key) }
end

local function finish(event, call)
  call.attributes.state = "finishing"
  return { pause(), say("Thank you!  Goodbye!"), action.hangup {} }
end

local NEXT = { new = beep, beeping = record, recording = play_back, playing = finish }

return {
  new_inbound_call = greet,

  action_successful = function(event, call)
    local step = NEXT[call.attributes.state]
    return step and step(event, call)
  end,

  action_failed = {
    -- Three tries, then goodbye. Prompt and beep take three events, so the first failure comes with the fourth.
    record_audio = function(event, call)
      log.warn("the recording failed", { reason = event.ActionData.ErrorType, message = event.ActionData.ErrorMessage })
      return if event.Sequence < 6 then record(event, call) else finish(event, call)
    end,

    default = function(event, call)
      log.error("an action failed", { action = event.ActionData.Type, reason = event.ActionData.ErrorType })
      return action.hangup {}
    end,
  },
}
