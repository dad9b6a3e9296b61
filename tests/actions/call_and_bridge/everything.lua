action.call_and_bridge {
  call_id = "leg", call_timeout_seconds = 20, caller_id_number = "+12065550100",
  ringback_tone = { bucket_name = "prompts", key = "ring.wav" },
  endpoints = { { bridge_endpoint_type = "AWS", arn = "arn:aws:chime:us-east-1:111122223333:vc/abc", uri = "600300" } },
  sip_headers = { ["X-Lex-Info"] = "billing", ["User-to-User"] = 12, Diversion = true },
}
