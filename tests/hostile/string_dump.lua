-- compiler and loader
-- ends as: answered
return string.dump and #string.dump(function() end)
