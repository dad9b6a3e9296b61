return function(call)
  call:joinMeeting({})
end
