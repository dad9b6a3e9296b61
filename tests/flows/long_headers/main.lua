-- Headers that have more characters together than a journal keeps: what fits is there, and what is not is nil.
return function(call)
  local headers = call.sip_headers
  call:say(`Room {headers["x-room"]}, {tostring(headers["X-Long"])}, {tostring(headers["X-Other"])}.`)
  local keys = call:ask { say = `Room {headers["X-Room"]}?`, max = 1, timeout = 3 }
  log.info(`{keys} {headers["X-Room"]}`)
end
