return {
  { to = "+14255550117", script = "main" },
  { to = "+14255550117", from = "+12065550142", script = "main" },
}
