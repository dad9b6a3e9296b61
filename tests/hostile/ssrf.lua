-- host api and call semantics
-- ends as: error
local reply, err = http.get('http://127.0.0.1:9001/2018-06-01/runtime/invocation/next')
error(reply and 'it was asked' or err.type)
