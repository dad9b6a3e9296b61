-- A flow that fails before anybody has answered: whoever answers then hears the fallback.
return function(call)
  error("boom")
end
