return {
  new_inbound_call = function(event, call)
    return action.play_audios {}
  end,
}
