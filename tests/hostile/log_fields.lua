-- fields that cannot be said
-- ends as: error
log.info("x", { f = print })
