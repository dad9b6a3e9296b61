-- host api and call semantics
-- ends as: error
http.get('file:///proc/self/environ')
