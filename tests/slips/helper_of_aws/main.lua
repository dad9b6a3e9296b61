return function(call)
  aws.jsn {}
end
