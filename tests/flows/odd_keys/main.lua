-- Keys that the service would take for the end of the input are keys like others in a menu.
return function(call)
  for _ = 1, 4 do
    local choice, err = call:menu {
      say = "Press.", options = { ["#"] = "hash", ["*"] = "star", ["12"] = "twelve" }, again = "0", tries = 1,
    }
    log.info(`{choice or err.type}`)
  end
end
