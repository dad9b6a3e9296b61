-- host api and call semantics
-- ends as: error
http.get('http://127.0.0.1:9001/2018-06-01/runtime/invocation/next')
