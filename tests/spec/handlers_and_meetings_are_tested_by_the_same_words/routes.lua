return { { to = "+12065550199", script = "survey" }, default = "main" }
