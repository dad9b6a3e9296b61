-- host api and call semantics
-- ends as: error
assert(http.get('file:///proc/self/environ'))
