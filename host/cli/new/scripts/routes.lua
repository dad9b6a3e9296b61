-- Which call runs which script. The first route that matches counts.
return {
  -- { to = "+12065550100", script = "sales" },
  default = "main",
  fallback = { say = "We are sorry, something went wrong. Please call again." },
}
