local texts = require('./txts')
return function(call) end
