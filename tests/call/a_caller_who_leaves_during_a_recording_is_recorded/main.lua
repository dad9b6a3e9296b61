-- A voicemail box.
return {
  new_inbound_call = function()
    return {
      action.speak { text = "Please leave a message." },
      action.record_audio { recording_destination = { bucket_name = "box", prefix = "in" }, recording_terminators = { "#" } },
    }
  end,
  action_successful = {
    record_audio = function(event)
      log.info("recorded", { bucket = event.ActionData.RecordingDestination.BucketName })
      return action.hangup {}
    end,
  },
  default = function() end,
}
